/** Why: the only part of the demo that knows what it writes to: a terminal, which can be redrawn, or anything else, which cannot. */
import { styleText } from "node:util";

/** A look that text can have. */
export type Look = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Where the demo is shown. */
export interface Screen {
  /** Writes a line that stays. */
  line(text?: string): void;
  /**
   * Redraws one last line until it is stopped; then it is gone. Does nothing where nothing can be redrawn.
   *
   * @param draw - gives the line, without looks, and short enough for 80 columns
   */
  live(draw: () => string): { stop(): void };
  /** Can a line be redrawn here? */
  readonly isLive: boolean;
  /** Gives text a look, if looks are wanted here. */
  look(look: Look, text: string): string;
}

/** What a screen is made of: standard output, or a test's stand-in. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const FRAMES_APART = 100;
const CLEAR = "\r\u001b[2K";

/** The screen of an output: live and in colour on a terminal, plain lines in a pipe. */
export function screenOf(output: Output & NodeJS.WritableStream, term: string = process.env.TERM ?? ""): Screen {
  const isLive = output.isTTY === true && term !== "dumb";
  return {
    isLive,
    line: (text = "") => void output.write(`${text}\n`),
    live(draw) {
      if (!isLive) return { stop() {} };
      const frame = () => output.write(`${CLEAR}${draw().slice(0, (output.columns ?? 80) - 1)}`);
      frame();
      const timer = setInterval(frame, FRAMES_APART);
      return {
        stop() {
          clearInterval(timer);
          output.write(CLEAR);
        },
      };
    },
    // It heeds NO_COLOR and FORCE_COLOR, and what the output is.
    look: (look, text) => styleText(look, text, { stream: output }),
  };
}
