import Mustache from 'mustache';

/**
 * Looks up a name of a template: names joined by dots, each of which may contain dots itself. `partition.host.name` is
 * the property `host.name` of `partition` (`partitionBy: [host.name]`), and so is `name` in the section
 * `partition.host`. Own properties only: inherited ones include methods, which Mustache would call.
 */
export class OwnContext extends Mustache.Context {
  override push(view: unknown): OwnContext {
    return new OwnContext(view, this);
  }

  override lookup(name: string): unknown {
    return name === '.' ? this.view : (this.find(name, valueAt) ?? this.find(name, valuesBelow));
  }

  /** From the innermost section outwards. */
  private find(name: string, read: (view: unknown, name: string) => unknown): unknown {
    const value = read(this.view, name);
    return value === undefined && this.parent instanceof OwnContext ? this.parent.find(name, read) : value;
  }
}

function valueAt(view: unknown, name: string): unknown {
  if (typeof view !== 'object' || view === null) return undefined;
  if (Object.hasOwn(view, name)) return (view as Record<string, unknown>)[name];
  return throughFirst(view, name, valueAt);
}

/** An object of the names that begin with this one and a dot. */
function valuesBelow(view: unknown, name: string): unknown {
  if (typeof view !== 'object' || view === null) return undefined;
  const prefix = `${name}.`;
  const below = Object.entries(view).filter(([each]) => each.startsWith(prefix));
  if (below.length === 0) return throughFirst(view, name, valuesBelow);
  return Object.fromEntries(below.map(([each, value]) => [each.slice(prefix.length), value]));
}

/** Tries every split of the name at a dot: the first part is a property of the view, the rest is inside it. */
function throughFirst(view: object, name: string, read: (view: unknown, name: string) => unknown): unknown {
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const first = name.slice(0, dot);
    if (!Object.hasOwn(view, first)) continue;
    const value = read((view as Record<string, unknown>)[first], name.slice(dot + 1));
    if (value !== undefined) return value;
  }
  return undefined;
}
