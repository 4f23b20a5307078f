// Prints the types of the API's bodies from openapi.json: `node make_types.mjs > api.d.ts`.

import { readFileSync } from "node:fs";

const document = JSON.parse(readFileSync(new URL("../../openapi.json", import.meta.url), "utf8"));

const typeOf = (schema) => {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.oneOf ?? schema.anyOf) return (schema.oneOf ?? schema.anyOf).map(typeOf).join(" | ");
  const kinds = [schema.type ?? "unknown"].flat().map((kind) => ({
    integer: () => "number",
    array: () => `Array<${schema.items ? typeOf(schema.items) : "unknown"}>`,
    object: () => (schema.properties ? bodyOf(schema) : `Record<string, ${typeOf(schema.additionalProperties ?? {})}>`),
  })[kind]?.() ?? kind);
  return kinds.join(" | ");
};

const bodyOf = ({ properties, required = [], additionalProperties }) => {
  const lines = Object.entries(properties).map(([name, schema]) =>
    `  /** ${schema.description ?? name} */\n  ${name}${required.includes(name) ? "" : "?"}: ${typeOf(schema)};`);
  return `{\n${lines.join("\n")}\n${additionalProperties === true ? "  [more: string]: unknown;\n" : ""}}`;
};

const types = Object.entries(document.components.schemas).map(([name, schema]) =>
  `/** ${schema.description ?? name} */\nexport type ${name} = ${typeOf(schema)};\n`);
console.log(`// Printed from openapi.json by make_types.mjs.\n\n${types.join("\n")}`.trimEnd());
