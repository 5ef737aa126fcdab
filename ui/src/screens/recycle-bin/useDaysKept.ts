import { useQuery } from "@tanstack/react-query";
import { fetchOf } from "../../api/client";

/** How many days an account lies in the recycle bin; undefined until the shop has said. */
export function useDaysKept(): number | undefined {
  const { data: shop } = useQuery({ queryKey: ["shop"], queryFn: () => fetchOf("shop") });
  const { data: bounds } = useQuery({ queryKey: ["bounds"], queryFn: () => fetchOf("policyBounds") });
  const usual = bounds?.find(({ number }) => number === "recycle_bin_days")?.bounds.default;
  return shop && (shop.policy.numbers?.recycle_bin_days ?? usual);
}

const dayInMs = 86_400_000;

/** Whole days left until an account is gone for good; 0 for less than one. */
export function daysLeft(deletedAt: string, daysKept: number, now = Date.now()): number {
  return Math.max(0, Math.floor((Date.parse(deletedAt) + daysKept * dayInMs - now) / dayInMs));
}
