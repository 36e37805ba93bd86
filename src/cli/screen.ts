/// <reference types="node" />
import { styleText } from "node:util";
import type { Io, Output } from "./io.js";

/** A look that text can have. */
export type Look = "bold" | "dim" | "red" | "green" | "yellow";

/** Standard error: lines that stay and, on a terminal, a last one that is redrawn. */
export interface Screen {
  /** Can a line be redrawn here? */
  readonly isLive: boolean;
  /** Writes lines that stay. */
  say(text: string): void;
  /** Makes room for others who write to the same terminal: nothing is drawn while they do. */
  aside(write: () => void): void;
  /** Redraws a last line until it is stopped; then it is gone. */
  live(draw: () => string): () => void;
  /** How many characters go on a line. */
  readonly columns: number;
}

const FRAMES_APART = 100;
const CLEAR = "\r\u001b[2K";

/** The screen of a command. */
export function createScreen({ stderr, env }: Pick<Io, "stderr" | "env">): Screen {
  const isLive = stderr.isTTY === true && env.TERM !== "dumb";
  const columns = () => columnsOf(stderr) - 1;
  let frame: (() => void) | undefined;
  const aside = (write: () => void) => {
    if (frame) stderr.write(CLEAR);
    write();
    frame?.();
  };
  return {
    isLive,
    aside,
    say: (text) => aside(() => stderr.write(`${text}\n`)),
    live(draw) {
      if (!isLive) return () => {};
      frame = () => stderr.write(`${CLEAR}${draw().slice(0, columns())}`);
      frame();
      const timer = setInterval(frame, FRAMES_APART);
      return () => {
        clearInterval(timer);
        frame = undefined;
        stderr.write(CLEAR);
      };
    },
    get columns() {
      return columns();
    },
  };
}

/** How wide a terminal is. Some do not know, or say nothing. */
export function columnsOf({ columns }: Output): number {
  return columns || 80;
}

/** Gives a text a look where the output shows looks, and nobody said NO_COLOR. */
export function styled(look: Look, text: string, output: Output): string {
  return styleText(look, text, { stream: output });
}
