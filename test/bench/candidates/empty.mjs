// Nothing: what loading a module takes by itself.
export function create() {}
