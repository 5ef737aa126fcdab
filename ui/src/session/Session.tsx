import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { IpcError, Me, PlaceShown, Status } from "../api/bindings";
import { type Command, call, isUnknown, type Outcome, onMoved } from "../api/client";
import { can } from "../api/rights";
import { forgetToasts, say } from "../components/toasts";
import * as m from "../paraglide/messages.js";

export type Session = {
  /** Undefined until the program below has said where it stands. */
  status: Status | undefined;
  /** Why it could not say. */
  trouble: IpcError | undefined;
  /** Whether the last lock was by the person's own hand. */
  lockedByHand: boolean;
  /** After how many idle minutes it locks, as far as anybody was ever told. */
  idleMinutes: number | undefined;
  noteIdleMinutes: (minutes: number | undefined) => void;
  /** What of the set-up is in front. */
  setUp: SetUp;
  /** Puts something else of the set-up in front. */
  turnTo: (setUp: SetUp) => void;
  /** Asks the program below again. */
  ask: () => void;
  /** Goes where an answer said the console stands now. */
  move: (status: Status) => void;
  lock: () => void;
  /** Whether it is being locked: nothing is shown any more, however long the answer takes. */
  hiding: boolean;
  signOut: () => void;
  /** Where a person went to change the shop; the console is behind it. */
  aside: Aside | undefined;
  goAside: (aside: Aside | undefined) => void;
  /** Why nobody knows whether the last act was done; everything was loaded anew since. */
  unknown: IpcError | undefined;
  /** The person has looked whether it was done. */
  seeUnknown: () => void;
  /** Counts how often everything on the screen was begun anew. */
  reloads: number;
  /** What this person has begun and not saved: no secrets. It outlives the lock, in memory only, and ends with the
   *  session. */
  drafts: Map<string, unknown>;
};

/** The steps that are still to be done, nothing until the next sign-in, or the recovery key alone. */
export type SetUp = "steps" | "later" | "recovery_key";

/** The list of shops, the ways to add one, or the way to a service, where its address may be known. */
export type Aside = { to: "list" } | { to: "add" } | { to: "connect"; address?: string };

const SessionContext = createContext<Session | undefined>(undefined);

/** Where the console stands. The program below decides; this remembers its last word, and forgets what one person
 *  saw as soon as it is not theirs to see. */
export function SessionProvider({
  standing,
  children,
}: {
  /** Asked before this was there. */
  standing?: Outcome<Status> | undefined;
  children: ReactNode;
}) {
  const queries = useQueryClient();
  const [status, setStatus] = useState<Status>();
  const [trouble, setTrouble] = useState<IpcError>();
  const [lockedByHand, setLockedByHand] = useState(false);
  const [idleMinutes, setIdleMinutes] = useState<number>();
  const [setUp, turnTo] = useState<SetUp>("steps");
  const [hiding, setHiding] = useState(false);
  const [aside, goAside] = useState<Aside>();
  const [unknown, setUnknown] = useState<IpcError>();
  const [reloads, setReloads] = useState(0);
  // Only the newest question may move the console: a slow answer tells what was.
  const asked = useRef(0);
  const holder = useRef<string>(undefined);
  const lost = useRef(false);
  const [drafts] = useState(() => new Map<string, unknown>());
  const author = useRef<string>(undefined);

  const move = useCallback(
    (to: Status) => {
      asked.current += 1;
      const now = holderOf(to);
      if (holder.current !== undefined && now !== holder.current) {
        void queries.cancelQueries();
        queries.clear();
        forgetToasts();
        setUnknown(undefined);
      }
      if (lost.current && to.lost === null && now !== undefined) {
        say(m.lost_back());
        void queries.invalidateQueries();
      }
      lost.current = to.lost !== null;
      holder.current = now;
      if (to.phase.kind === "closed" || (now !== undefined && now !== author.current)) drafts.clear();
      author.current = now ?? author.current;
      // The next lock has a reason of its own.
      if (now !== undefined) setLockedByHand(false);
      // The lock only interrupts; what ends a session ends what was put off in it.
      if (to.phase.kind === "closed") turnTo("steps");
      setTrouble(undefined);
      setStatus(to);
    },
    [queries, drafts],
  );

  const hear = useCallback(
    (answer: Outcome<Status>) => {
      if (answer.ok) move(answer.value);
      else setTrouble(answer.error);
    },
    [move],
  );
  const ask = useCallback(async () => {
    const question = ++asked.current;
    const answer = await call("status");
    if (question === asked.current) hear(answer);
  }, [hear]);

  const lock = useCallback(async () => {
    setHiding(true);
    const answer = await call("lock");
    setHiding(false);
    if (answer.ok) {
      setLockedByHand(true);
      move(answer.value);
    } else void ask();
  }, [move, ask]);

  const signOut = useCallback(async () => {
    const answer = await call("signOut");
    if (answer.ok) move(answer.value);
    else void ask();
  }, [move, ask]);

  const noteIdleMinutes = useCallback((minutes: number | undefined) => {
    if (minutes !== undefined) setIdleMinutes(minutes);
  }, []);

  const onError = useEffectEvent((error: IpcError, command: Command) => {
    const known = status && moved(status, error);
    if (known) move(known);
    if (isUnknown(error, command) && holder.current !== undefined) {
      // Nothing is done twice by itself: the screen begins anew, and the person looks.
      setUnknown(error);
      setReloads((before) => before + 1);
      void queries.invalidateQueries();
    }
    void ask();
  });
  useEffect(() => onMoved((error, command) => onError(error, command)), []);
  // Before anything is painted: what is known already is shown at once.
  useLayoutEffect(() => {
    if (standing) hear(standing);
    else void ask();
  }, [standing, hear, ask]);

  const session = useMemo(
    () => ({
      status,
      trouble,
      lockedByHand,
      idleMinutes,
      noteIdleMinutes,
      setUp,
      turnTo,
      ask,
      move,
      lock,
      hiding,
      signOut,
      aside,
      goAside,
      unknown,
      seeUnknown: () => setUnknown(undefined),
      reloads,
      drafts,
    }),
    [
      status,
      trouble,
      lockedByHand,
      idleMinutes,
      noteIdleMinutes,
      setUp,
      ask,
      move,
      lock,
      hiding,
      signOut,
      aside,
      unknown,
      reloads,
      drafts,
    ],
  );
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** Whose data may be on the screen, and from where. */
function holderOf({ phase, place }: Status): string | undefined {
  const inside = phase.kind === "open" || phase.kind === "set_up";
  return inside ? `${placeKey(place)} ${phase.me.account.id}` : undefined;
}

/** Tells one place from another. */
export function placeKey(place: PlaceShown): string {
  return place.kind === "service" ? place.address : place.kind === "store" ? place.path : "";
}

/** Where a refusal alone already says that the console stands, so that nothing stays on the screen while it is
 *  asked. */
function moved(status: Status, { code }: IpcError): Status | undefined {
  const { phase } = status;
  if (phase.kind !== "open" && phase.kind !== "set_up") return undefined;
  const { email, name } = phase.me.account;
  if (code === "session_locked") return { ...status, phase: { kind: "locked", email, name } };
  if (code === "session_ended") return { ...status, phase: { kind: "closed", ended: true } };
  return undefined;
}

/** Where the console stands, and how to move it. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("no SessionProvider above");
  return session;
}

/** Who is signed in; for views that are shown to nobody else. */
export function useMe(): Me {
  const phase = useSession().status?.phase;
  if (phase?.kind !== "open" && phase?.kind !== "set_up") throw new Error("nobody is signed in");
  return phase.me;
}

/** What they may do here. */
export function useCan(): ReturnType<typeof can> {
  const me = useMe();
  const { status } = useSession();
  return can(me, status?.place ?? { kind: "demo" });
}
