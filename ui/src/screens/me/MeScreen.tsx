import { View } from "../../components/View";

export function MeScreen() {
  return <View screen="me" title="me">{null}</View>;
}
