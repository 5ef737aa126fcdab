import { View } from "../../components/View";

export function AccountScreen() {
  return <View screen="account" title="account">{null}</View>;
}
