/** Why: the parts of an OpenAPI 3.1 document that the generators read, typed once. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A schema's keywords are looked at one by one, so that one which nothing here knows is noticed. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, SubSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SubSchema;
  readonly items?: SubSchema;
  readonly allOf?: readonly SubSchema[];
  readonly anyOf?: readonly SubSchema[];
  readonly oneOf?: readonly SubSchema[];
  readonly not?: SubSchema;
}
export type SubSchema = Schema | boolean;

export interface Example {
  readonly value?: Json;
}

export interface MediaType {
  readonly schema?: Schema;
  readonly example?: Json;
  readonly examples?: Readonly<Record<string, Example>>;
}

export interface Header {
  readonly description?: string;
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: Json;
  readonly examples?: Readonly<Record<string, Example>>;
}

export interface Parameter extends Header {
  readonly name: string;
  readonly in: string;
}

export interface Reply {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, MediaType>>;
}

export interface Operation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly servers?: readonly Server[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly description?: string;
    readonly required?: boolean;
    readonly content: Readonly<Record<string, MediaType>>;
  };
  readonly responses: Readonly<Record<string, Reply>>;
}

export type PathItem = Readonly<Record<string, Operation>>;

export interface Server {
  readonly url: string;
  readonly "x-ms-cloud"?: string;
}

/** A bundled document in which only references to schemas are left. */
export interface Document {
  readonly servers?: readonly Server[];
  readonly paths?: Readonly<Record<string, PathItem>>;
  readonly components?: {
    readonly schemas?: Readonly<Record<string, Schema>>;
    readonly pathItems?: Readonly<Record<string, PathItem>>;
  };
}
