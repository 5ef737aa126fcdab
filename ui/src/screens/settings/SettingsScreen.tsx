import { View } from "../../components/View";

export function SettingsScreen() {
  return <View screen="settings" title="settings">{null}</View>;
}
