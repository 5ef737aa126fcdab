import { View } from "../../components/View";

export function AuditScreen() {
  return <View screen="audit" title="audit">{null}</View>;
}
