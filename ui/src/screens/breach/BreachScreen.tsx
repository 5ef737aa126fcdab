import { View } from "../../components/View";

export function BreachScreen() {
  return <View screen="breach" title="breach">{null}</View>;
}
