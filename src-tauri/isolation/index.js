// Every message of the window passes here before it is sealed for Rust. What is no message of ours,
// a command with named arguments, stops here.
const COMMAND = /^[a-z_]{1,64}$/;
const LONGEST = 1 << 20;

window.__TAURI_ISOLATION_HOOK__ = (message) => {
  if (typeof message !== "object" || message === null || !COMMAND.test(message.cmd)) {
    throw new Error("not a command");
  }
  if (JSON.stringify(message.payload ?? {}).length > LONGEST) {
    throw new Error("too long");
  }
  return message;
};
