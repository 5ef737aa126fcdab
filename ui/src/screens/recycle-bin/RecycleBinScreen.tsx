import { View } from "../../components/View";

export function RecycleBinScreen() {
  return <View screen="recycle-bin" title="recycle-bin">{null}</View>;
}
