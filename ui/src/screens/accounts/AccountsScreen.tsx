import { View } from "../../components/View";

export function AccountsScreen() {
  return <View screen="accounts" title="accounts">{null}</View>;
}
