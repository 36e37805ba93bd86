#!/usr/bin/env node
/// <reference types="node" />
import { processIo } from "./io.js";
import { main } from "./main.js";

const code = await main(process.argv.slice(2), processIo());
// Results that could not be written have set one of their own.
if (code > 0) process.exitCode = code;
