import { CircleAlert } from "lucide-react";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import * as m from "../../paraglide/messages.js";

/** Over a list of which a further page could not be had. */
export function GoOn({ onGoOn }: { onGoOn: (() => void) | undefined }) {
  return (
    onGoOn && (
      <div role="alert">
        <Banner tone="danger" icon={CircleAlert} action={<Button onPress={onGoOn}>{m.error_retry()}</Button>}>
          {m.list_rest_failed()}
        </Banner>
      </div>
    )
  );
}
