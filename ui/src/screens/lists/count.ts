import { numberInWords } from "../../components/locale";

/** A number for a sentence: its plural goes by `count`, and it is written as `number`. */
export function counted(count: number): { count: number; number: string } {
  return { count, number: numberInWords(count) };
}
