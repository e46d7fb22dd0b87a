/** Stands for a CSS module in tests of components: the name of a class is the class. */
const names: Record<string, string> = new Proxy({}, { get: (_target, name) => String(name) });

export default names;
