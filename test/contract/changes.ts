// What breaking.test.ts does to a copy of the contract, and what the gate has to say to it.
import { virtualMachinesReimageOperation } from "../../generated/operations.js";
import type { Edit } from "./copy.js";

export type Changes = Record<string, { edit: Edit | Edit[]; says: RegExp }>;

/** Each breaks a caller by a detail; they leave each other alone. */
export const breaking: Changes = {
  "a narrowed maxLength": {
    edit: { from: "maxLength: 123", to: "maxLength: 100" },
    says: /`maxLength` of `WindowsAdminPassword`/,
  },
  "a raised minLength": {
    edit: { from: "minLength: 6", to: "minLength: 7" },
    says: /`minLength` of `LinuxAdminPassword`/,
  },
  "a new pattern": {
    edit: { from: "type: string\n        osProfile", to: "type: string\n          pattern: ^\\d+$\n        osProfile" },
    says: /`pattern` of `exactVersion` was set/,
  },
  "a changed pattern": { edit: { from: "{3}=)?$", to: "{3}=)$" }, says: /`pattern` of `customData`/ },
  "a newly required property": {
    edit: {
      from: "      description: Specifies information required",
      to: "      required: [customData]\n      description: Specifies information required",
    },
    says: /became required: `customData`/,
  },
  "a newly required body": {
    edit: { from: "required: false", to: "required: true" },
    says: /Request body became required/,
  },
  "a value more under not/enum": {
    edit: { from: "- abc@123", to: "- abc@123\n                  - Hunter2!" },
    says: /1 more value\(s\) are refused/,
  },
  "a changed default": { edit: { from: "default: false", to: "default: true" }, says: /the default changed/ },
  "a changed api-version": {
    edit: { from: virtualMachinesReimageOperation.apiVersion, to: "2031-07-01" },
    says: /`const` changed/,
  },
  "a changed type": { edit: { from: "type: boolean", to: "type: string" }, says: /Type of `tempDisk`/ },
  "a removed answer header": {
    edit: {
      from: '            Azure-AsyncOperation:\n              $ref: "#/components/headers/AzureAsyncOperation"\n',
      to: "",
    },
    says: /Response header `Azure-AsyncOperation` was removed|headers\.Azure-AsyncOperation is gone/,
  },
  "an answer header that is no longer certain": {
    edit: {
      from: "required: true\n      schema:\n        type: string\n        format: uri",
      to: "schema:\n        type: string\n        format: uri",
    },
    says: /the header is no longer certain \(202\/headers\/Location\)/,
  },
  "a renamed answer property": {
    edit: { from: "errordetail:", to: "errorDetail:" },
    says: /`errordetail`.* `errorDetail`/,
  },
  "an answer property of another type": {
    edit: { from: "The exception type.\n          type: string", to: "The exception type.\n          type: integer" },
    says: /Type of `exceptiontype`/,
  },
  "a removed operation mark": {
    edit: { from: "      x-ms-long-running-operation: true\n", to: "" },
    says: /x-ms-long-running-operation was taken away/,
  },
  "a removed secret mark": {
    edit: { from: "          x-ms-secret: true\n          contentEncoding", to: "          contentEncoding" },
    says: /x-ms-secret was taken away .*customData/,
  },
  "another operationId": {
    edit: { from: "VirtualMachines_Reimage", to: "VirtualMachines_Redo" },
    says: /`operationId` of operation/,
  },
  "another scope": {
    edit: { from: "user_impersonation: imp", to: "everything: imp" },
    says: /signing in changed: .*user_impersonation/,
  },
  "another place to sign in": {
    edit: { from: "login.microsoftonline.com", to: "login.microsoftonline.us" },
    says: /signing in changed: .*authorizationUrl/,
  },
  "a required scope": {
    edit: { from: "      - user_impersonation\n", to: "      - everything\n" },
    says: /requires new scopes/,
  },
  "another server": {
    edit: { from: "url: https://management.azure.com", to: "url: https://management.azure.net" },
    says: /[Ss]erver/,
  },
  "a new required parameter": {
    edit: {
      from: '        - $ref: "#/components/parameters/ApiVersion"\n',
      to: '        - $ref: "#/components/parameters/ApiVersion"\n        - {name: force, in: query, required: true, schema: {type: boolean}}\n',
    },
    says: /Required `force`/,
  },
  "a renamed placeholder of the URL": {
    edit: [
      { from: "{vmName}/reimage", to: "{name}/reimage" },
      { from: "name: vmName", to: "name: name" },
    ],
    says: /the URL template changed|path\.vmName is gone/,
  },
};

const tempDisk = `        tempDisk:
          title: must be true or false
          description: >-
            Specifies whether to reimage temp disk. Default value: false. Note: This temp disk reimage parameter is only
            supported for VM/VMSS with Ephemeral OS disk.
          type: boolean
          default: false
`;

const open: Edit = {
  from: "to the Reimage Virtual Machine operation.\n      type: object\n      additionalProperties: false",
  to: "to the Reimage Virtual Machine operation.\n      type: object",
};

/** Each removes or renames something larger; they too leave each other alone. */
export const redrawn: Changes = {
  "a removed optional property of the request": {
    edit: { from: tempDisk, to: "" },
    says: /the property was removed .*tempDisk/,
  },
  "a password rule that is no longer an alternative": {
    edit: { from: '            - $ref: "#/components/schemas/LinuxAdminPassword"\n', to: "" },
    says: /`anyOf` subschema/,
  },
  "a removed answer": { edit: { from: '        "202":\n', to: '        "204":\n' }, says: /Response `202`/ },
  "another URL": { edit: { from: "/reimage:", to: "/redo:" }, says: /URL template changed/ },
  "another media type": {
    edit: {
      from: 'application/json:\n            schema:\n              $ref: "#/components/schemas/Virtual',
      to: 'application/merge-patch+json:\n            schema:\n              $ref: "#/components/schemas/Virtual',
    },
    says: /Media type/,
  },
  "a renamed definition": {
    edit: [
      { from: "    InnerError:\n", to: "    InnerFault:\n" },
      { from: "schemas/InnerError", to: "schemas/InnerFault" },
    ],
    says: /the definition InnerError is gone/,
  },
  "a server put before the first": {
    edit: { from: "servers:\n", to: "servers:\n  - url: https://first.azure.net\n" },
    says: /requests go to another server/,
  },
  "a property that becomes readOnly": {
    edit: { from: "title: must be a string", to: "readOnly: true\n          title: must be a string" },
    says: /became readOnly/,
  },
};

/** Each redraws so much that nothing else could be compared. */
export const alone: Changes = {
  "a mark of a secret": {
    edit: {
      from: "so any string.\n",
      to: "so any string.\n          format: password\n          writeOnly: true\n          x-ms-secret: true\n",
    },
    says: /became writeOnly .*exactVersion/,
  },
  "a renamed sample": {
    edit: {
      from: "              tempDisk:\n                $ref: examples/reimage.json",
      to: "              disk:\n                $ref: examples/reimage.json",
    },
    says: /the sample virtualMachinesReimageExamples\.requests\.tempDisk is gone/,
  },
  "a path parameter without its sample": {
    edit: { from: "      example: myVMName\n", to: "" },
    says: /the sample virtualMachinesReimageExamples\.path\.vmName is gone/,
  },
  "a removed optional property of an open object": {
    edit: [{ file: "released.yaml", ...open }, open, { from: tempDisk, to: "" }],
    says: /the property was removed .*tempDisk/,
  },
  "a removed property that is called not": {
    edit: [
      ...["released.yaml", "openapi.yaml"].map((file) => ({
        file,
        from: "      properties:\n        error:",
        to: "      properties:\n        not:\n          type: string\n        error:",
      })),
      { from: "        not:\n          type: string\n        error:", to: "        error:" },
    ],
    says: /the property was removed .*properties\/not/,
  },
  "an alternative more of which exactly one has to fit": {
    edit: [
      {
        file: "released.yaml",
        from: tempDisk,
        to: `        label:\n          oneOf: [{type: string}, {type: integer}]\n${tempDisk}`,
      },
      {
        from: tempDisk,
        to: `        label:\n          oneOf: [{type: string}, {type: integer}, {type: [string, "null"]}]\n${tempDisk}`,
      },
    ],
    says: /the alternatives of a oneOf changed/,
  },
  "a wider alternative of which exactly one has to fit": {
    edit: ["released.yaml", "openapi.yaml"].map((file, i) => ({
      file,
      from: tempDisk,
      to: `        mark:\n          oneOf: [{type: string, maxLength: ${i === 0 ? 3 : 10}}, {type: string, minLength: 5}]\n${tempDisk}`,
    })),
    says: /the alternatives of a oneOf changed/,
  },
  "another method": { edit: { from: "    post:\n", to: "    put:\n" }, says: /Operation .* was removed/ },
};

/** Each lets more pass, or tells more. */
export const compatible: Changes = {
  "a new optional property of an answer": {
    edit: {
      from: "      properties:\n        error:",
      to: "      properties:\n        note:\n          type: string\n        error:",
    },
    says: /^Property `note` was added$/,
  },
  "a new optional property of the request": {
    edit: { from: tempDisk, to: `        extra:\n          type: string\n${tempDisk}` },
    says: /^Property `extra` was added$/,
  },
  "a new optional parameter": {
    edit: {
      from: '        - $ref: "#/components/parameters/ApiVersion"\n',
      to: '        - $ref: "#/components/parameters/ApiVersion"\n        - {name: force, in: query, schema: {type: boolean}}\n',
    },
    says: /^Parameter `force` was added$/,
  },
  "a new header of an answer": {
    edit: {
      from: "            Azure-AsyncOperation:\n",
      to: "            x-new:\n              schema: {type: string}\n            Azure-AsyncOperation:\n",
    },
    says: /^Header `x-new` was added$/,
  },
  "an alternative less of an answer": {
    edit: [", {type: integer}", ""].map((more, i) => ({
      file: ["released.yaml", "openapi.yaml"][i],
      from: "exception dump.\n          type: string",
      to: `exception dump.\n          oneOf: [{type: string}${more}]`,
    })) as Edit[],
    says: /^Schema of `errordetail` changed .*oneOf/,
  },
  "a oneOf that is gone": {
    edit: ["", "          oneOf: [{type: string}, {type: integer}]\n"].map((alternatives, i) => ({
      file: ["openapi.yaml", "released.yaml"][i],
      from: tempDisk,
      to: `        sign:\n          title: a sign\n${alternatives}${tempDisk}`,
    })) as Edit[],
    says: /nothing is refused any longer .*oneOf/,
  },
  "a widened maxLength": {
    edit: { from: "maxLength: 123", to: "maxLength: 200" },
    says: /^maxLength of `adminPassword` changed/,
  },
  "a value less under not/enum": {
    edit: { from: "                  - abc@123\n", to: "" },
    says: /^values are no longer refused/,
  },
  "another scope to ask for": {
    edit: { from: "user_impersonation: imp", to: "everything: all of it\n            user_impersonation: imp" },
    says: /signing in changed: .*everything.* is new/,
  },
  "a value more of an answer": {
    edit: [
      {
        file: "released.yaml",
        from: "The exception type.\n          type: string",
        to: "The exception type.\n          type: string\n          enum: [A]",
      },
      {
        from: "The exception type.\n          type: string",
        to: "The exception type.\n          type: string\n          enum: [A, B]",
      },
    ],
    says: /an answer has more values/,
  },
  "another place to run": {
    edit: { from: "tags:\n  - name", to: "  - url: https://management.usgovcloudapi.net\ntags:\n  - name" },
    says: /^Server `https:\/\/management\.usgovcloudapi\.net` was added$/,
  },
};

/** Words and samples. */
export const textual: Changes = {
  "a description": {
    edit: { from: "description: Accepted", to: "description: Taken" },
    says: /^description was modified$/,
  },
  "a title": {
    edit: { from: "title: must be a string", to: "title: must be text" },
    says: /^title was modified$/,
  },
  "words under not": {
    edit: {
      from: "              not:\n                enum:",
      to: "              not:\n                description: Refused.\n                enum:",
    },
    says: /description was (set|added|modified)/,
  },
  "a sample": { edit: { from: "example: myVMName", to: "example: vm-1" }, says: /example was modified/ },
};
