// What lint.test.ts tries on a copy of spec/: one edit each.
import { virtualMachinesGetOperation } from "../../generated/arm/operations.js";
import { virtualMachinesReimageOperation } from "../../generated/operations.js";
import type { Edit } from "./copy.js";

const arm = "arm.yaml";
/** Each edit makes the contract break the rule that it stands under. */
export const mutations: Record<string, Edit[]> = {
  "arm/header-example-valid": [
    { file: "examples/accepted.json", from: '"value": 199', to: '"value": "many"' },
    { file: arm, from: "example: 249", to: "example: many" },
    { from: "$ref: examples/accepted.json#/Location", to: "value: 7" },
  ],
  "arm/schema-default-valid": [
    { from: "default: false", to: "default: no thanks" },
    { from: "contentEncoding: base64", to: "default: '{your-custom-data}'" },
  ],
  "arm/api-version-const": [
    { from: `const: "${virtualMachinesReimageOperation.apiVersion}"`, to: "minLength: 1" },
    { from: `const: "${virtualMachinesReimageOperation.apiVersion}"`, to: "const: 20240301" },
    { from: "in: query\n      required: true", to: "in: query\n      required: false" },
    { from: "name: api-version\n      in: query", to: "name: api-version\n      in: header" },
    { from: '        - $ref: "#/components/parameters/ApiVersion"\n', to: "" },
    { file: arm, from: `const: "${virtualMachinesGetOperation.apiVersion}"`, to: "minLength: 1" },
    { file: arm, from: '        - $ref: "#/components/parameters/ReadApiVersion"\n', to: "" },
    { from: `const: "${virtualMachinesReimageOperation.apiVersion}"`, to: 'const: ""' },
    {
      from: `const: "${virtualMachinesReimageOperation.apiVersion}"`,
      to: `const: "${virtualMachinesReimageOperation.apiVersion}&x=1"`,
    },
  ],
  "arm/path-parameter-required": [
    { from: "name: vmName\n      in: path\n      required: true\n", to: "name: vmName\n      in: path\n" },
    {
      from: "name: vmName\n      in: path\n      required: true",
      to: "name: vmName\n      in: path\n      required: false",
    },
  ],
  "arm/bounds-in-order": [
    { from: "maxLength: 123", to: "maxLength: 7" },
    {
      from: "type: array\n          items",
      to: "type: array\n          minItems: 2\n          maxItems: 1\n          items",
    },
    { from: "maxLength: 87380", to: "minProperties: 2\n          maxProperties: 1" },
    { file: arm, from: "minimum: 0", to: "minimum: 101" },
    { file: arm, from: "minimum: 0", to: "exclusiveMinimum: 100" },
    { file: arm, from: "maximum: 100", to: "exclusiveMaximum: 0" },
    { file: arm, from: "minimum: 0\n          maximum: 100", to: "exclusiveMinimum: 1\n          exclusiveMaximum: 1" },
  ],
  "arm/server-https": [
    { from: "url: https://management.azure.com", to: "url: http://management.azure.com" },
    {
      file: arm,
      from: "url: https://management.usgovcloudapi.net",
      to: "url: https://management.usgovcloudapi.net/x?y=1",
    },
    { file: arm, from: "url: https://management.chinacloudapi.cn", to: "url: /x" },
    { file: arm, from: "url: https://management.chinacloudapi.cn", to: "url: https://me@management.chinacloudapi.cn" },
  ],
  "arm/nothing-internal": [
    { from: "description: Accepted", to: "description: Accepted, as @internal tools say" },
    { from: "title: must be true or false", to: "title: must be true or false @internal" },
  ],
  "arm/lro-declares-location": [
    { from: '"202":', to: '"201":' },
    { from: "            Location:\n", to: "            Locality:\n" },
  ],
  "arm/secret-marked": [
    { from: "writeOnly: true\n          x-ms-secret: true\n          allOf", to: "x-ms-secret: true\n          allOf" },
    {
      from: "writeOnly: true\n          x-ms-secret: true\n          contentE",
      to: "writeOnly: true\n          contentE",
    },
    { from: "format: password\n          writeOnly: true\n          x-ms-secret: true\n          allOf", to: "allOf" },
    {
      from: "format: password\n          writeOnly: true\n          x-ms-secret: true\n          contentE",
      to: "contentE",
    },
    {
      from: "format: password\n      writeOnly: true\n      x-ms-secret: true\n      minLength: 8",
      to: "x-ms-secret: true",
    },
    { from: "exactVersion:\n", to: "accessToken:\n" },
    { from: "exactVersion:\n", to: "sshPrivateKey:\n" },
    { from: "exactVersion:\n", to: "passphrase:\n" },
    {
      from: "        tempDisk:\n          title: must be true or false\n",
      to: "        tempDisk:\n          title: a pin\n          format: password\n          writeOnly: true\n          x-ms-secret: true\n",
    },
  ],
  "arm/secret-without-value": [
    { from: "contentEncoding: base64", to: "examples:\n            - QQ==" },
    { from: "contentEncoding: base64", to: "example: QQ==" },
    { from: "contentEncoding: base64", to: "default: QQ==" },
    { from: "minLength: 8", to: "default: not-a-real-Passw0rd" },
    {
      from: "              not:\n                enum:",
      to: "              enum: [Hunter2!aa]\n              not:\n                enum:",
    },
  ],
  "arm/secret-in-body": [
    { from: "name: vmName", to: "name: accessToken" },
    {
      from: "title: must be a UUID",
      to: "title: must be a UUID\n        x-ms-secret: true",
    },
    {
      from: "description: The error code.\n          type: string\n        details",
      to: "format: password\n          writeOnly: true\n          x-ms-secret: true\n          type: string\n        details",
    },
    {
      from: "Support asks for it.\n      schema:\n        type: string",
      to: "Support asks for it.\n      schema:\n        type: string\n        format: password\n        writeOnly: true\n        x-ms-secret: true",
    },
  ],
  "arm/reference-inside": [
    { from: '$ref: "#/components/schemas/CloudError"', to: '$ref: "released.yaml#/components/schemas/CloudError"' },
    { from: '$ref: "#/components/schemas/CloudError"', to: '$ref: "openapi.yaml#/components/schemas/CloudError"' },
  ],
  "arm/reference-bare": [
    { from: "description: The Api inner error\n", to: "x-ms-secret: true\n" },
    { from: "description: The Api inner error\n", to: "x-ms-secrte: true\n" },
    { from: "description: The Api inner error\n", to: "examples: [Hunter2!aa]\n" },
    { from: "        osProfile:\n", to: "        osProfile:\n          default: 7\n" },
    { file: arm, from: "description: Why the operation failed or was canceled.\n", to: "readOnly: true\n" },
  ],
  "arm/known-extension": [
    { from: "x-ms-long-running-operation: true", to: "x-ms-long-runing-operation: true" },
    { file: arm, from: "x-ms-cloud: china", to: "x-ms-clout: china" },
    {
      from: "x-ms-secret: true\n          contentE",
      to: "x-ms-secret: true\n          x-ms-visibility: none\n          contentE",
    },
    { from: "x-ms-long-running-operation: true", to: 'x-ms-long-running-operation: "true"' },
    { from: "name: vmName\n", to: "name: vmName\n      x-ms-secret: true\n" },
  ],
  "arm/operation-id-group-verb": [
    { from: "operationId: VirtualMachines_Reimage", to: "operationId: reimageVirtualMachine" },
    { file: arm, from: "operationId: OperationResults_Get", to: "operationId: OperationResultsGet" },
    { file: arm, from: "operationId: VirtualMachines_Get", to: "operationId: getVirtualMachine" },
    { from: "operationId: VirtualMachines_Reimage", to: "deprecated: false" },
  ],
  "arm/constraint-titled": [
    { from: "title: must be base64", to: "$comment: must be base64" },
    { from: "- title: must be none of the passwords that Azure disallows\n              not", to: "- not" },
    { from: "title: must be a UUID", to: "$comment: must be a UUID" },
    { from: "title: must be the api-version", to: "$comment: must be the api-version" },
    { file: arm, from: "title: must be the api-version", to: "$comment: must be the api-version" },
  ],
  "arm/pattern-portable": [
    { from: "{3}=)?$", to: "{3}=?$" },
    { from: "^[\\p{L}\\p{Nd}_.()\\-]*[\\p{L}\\p{Nd}_()\\-]$", to: "^[\\p{L}\\p{Nd}_.()\\-]+(?<!\\.)$" },
    { from: "^[\\p{L}\\p{Nd}_.()\\-]*[\\p{L}\\p{Nd}_()\\-]$", to: "^[\\p{Letter}\\p{Nope}]+$" },
  ],
  "arm/request-object-closed": [
    {
      from: "title: must be an object\n      description: Specifies information required for reimaging the non-ephemeral OS disk.\n      type: object\n      additionalProperties: false",
      to: "title: these\n      type: object",
    },
    {
      from: "title: must be an object\n      description: Parameters supplied to the Reimage Virtual Machine operation.\n      type: object\n      additionalProperties: false",
      to: "title: these\n      type: object\n      additionalProperties: true",
    },
    {
      from: "type: boolean\n          default: false",
      to: "type:\n            - object\n            - 'null'\n          default: null",
    },
    { from: "version of OS Disk.\n          type: string\n", to: "version of OS Disk.\n" },
    { from: 'osProfile:\n          $ref: "#/components/schemas/OSProfileProvisioningData"', to: "osProfile: true" },
  ],
  struct: [
    { from: "maxLength: 87380", to: "maxLength: many" },
    { from: "maxLength: 87380", to: "maxLenght: 87380" },
    { from: "required: false", to: "requierd: false" },
    { from: "          description: Accepted\n", to: "" },
  ],
  "no-unresolved-refs": [
    { from: "examples/refused-busy.json", to: "examples/refused-bizzy.json" },
    { from: '- $ref: "#/components/schemas/LinuxAdminPassword"', to: '- $ref: "#/components/schemas/LinuxPassword"' },
    {
      file: arm,
      from: "error:\n          description: Why the operation failed or was canceled.\n          $ref: openapi.yaml#/components/schemas/ApiError",
      to: "error:\n          $ref: openapi.yaml#/components/schemas/Error",
    },
    { file: "examples/reimage.json", from: '{\n  "summary"', to: '[\n  "summary"' },
  ],
  "no-unused-components": [
    { from: "    InnerError:\n", to: "    Orphan:\n      type: string\n    InnerError:\n" },
    {
      from: '- $ref: "#/components/schemas/LinuxAdminPassword"',
      to: '- $ref: "#/components/schemas/WindowsAdminPassword"',
    },
    { file: arm, from: '$ref: "#/components/schemas/OperationStatus"', to: "type: object" },
    { file: arm, from: '$ref: "#/components/schemas/VirtualMachine"', to: "type: object" },
  ],
  "no-invalid-media-type-examples": [
    { file: "examples/vm-detach.json", from: '"location": "westus"', to: '"region": "westus"' },
    { file: "examples/vm-ephemeral.json", from: '"option": "Local"', to: '"option": true' },
    { file: "examples/reimage.json", from: '"tempDisk": true', to: '"tempDisk": "yes"' },
    { file: "examples/reimage.json", from: '"tempDisk": true', to: '"tempdisk": true' },
    { file: "examples/reimage-non-ephemeral.json", from: "not-a-real-Passw0rd", to: "{your-password}" },
    { file: "examples/reimage-non-ephemeral.json", from: "not-a-real-Passw0rd", to: "P@ssw0rd" },
    { file: "examples/reimage-non-ephemeral.json", from: "I2Nsb3VkLWNvbmZpZwo=", to: "{your-custom-data}" },
    { file: "examples/refused-busy.json", from: '"message"', to: '"massage"' },
    { file: "examples/status-failed.json", from: '"status"', to: '"state"' },
    { file: "examples/throttled.json", from: '"code": "OperationNotAllowed"', to: '"code": 429' },
  ],
  "no-invalid-parameter-examples": [
    { from: "example: 00000000-0000-0000-0000-000000000000", to: "example: '{subscription-id}'" },
    { from: "example: myResourceGroup", to: "example: myResourceGroup." },
    { from: "example: myVMName", to: "example: _myVMName" },
  ],
  "no-invalid-schema-examples": [
    {
      from: "The error code.\n          type: string\n        details",
      to: "The error code.\n          type: string\n          example: 7\n        details",
    },
  ],
  "operation-operationId": [{ from: "      operationId: VirtualMachines_Reimage\n", to: "" }],
  "operation-operationId-unique": [{ file: arm, from: "OperationResults_Get", to: "OperationStatuses_Get" }],
  "operation-summary": [{ from: "      summary: Reimage\n", to: "" }],
  "path-parameters-defined": [
    { from: "name: vmName", to: "name: virtualMachineName" },
    { file: arm, from: "/{vmName}:", to: "/{virtualMachineName}:" },
  ],
  "security-defined": [{ from: "    azure_auth:\n      type", to: "    azureAuth:\n      type" }],
  "security-scopes-defined": [{ from: "user_impersonation: impersonate", to: "userImpersonation: impersonate" }],
  "info-license-strict": [{ from: "    identifier: MIT\n", to: "" }],
  "tag-description": [{ from: "    description: Operations on one virtual machine.\n", to: "" }],
  "no-schema-type-mismatch": [{ from: "type: array\n          items", to: "type: object\n          items" }],
  "no-required-schema-properties-undefined": [
    { file: arm, from: "        - status\n", to: "        - state\n" },
    { file: arm, from: "        - location\n", to: "        - region\n" },
  ],
  "no-server-trailing-slash": [
    { file: arm, from: "https://management.chinacloudapi.cn", to: "https://management.chinacloudapi.cn/" },
  ],
  "no-empty-servers": [
    {
      from: "servers:\n  - url: https://management.azure.com\n    description: Azure Resource Manager of the public cloud. The other clouds are in arm.yaml.\n",
      to: "",
    },
  ],
  "no-enum-type-mismatch": [{ from: "type: boolean", to: "type: boolean\n          enum: [yes please]" }],
  "no-duplicated-enum-values": [{ from: "- iloveyou!", to: "- abc@123" }],
  "no-illogical-composition-keywords": [
    { from: '            - $ref: "#/components/schemas/WindowsAdminPassword"\n', to: "" },
  ],
  "no-mixed-number-range-constraints": [
    { file: arm, from: "minimum: 0", to: "minimum: 0\n          exclusiveMinimum: 0" },
  ],
  "no-duplicated-tag-names": [
    { from: "tags:\n  - name", to: "tags:\n  - name: Virtual Machines\n    description: Twice.\n  - name" },
  ],
  "no-unsafe-markdown": [{ from: "on one virtual machine.", to: "on one <script>alert(1)</script> virtual machine." }],
  "no-server-example.com": [{ file: arm, from: "management.chinacloudapi.cn", to: "example.com" }],
  "no-undefined-server-variable": [{ file: arm, from: "management.chinacloudapi.cn", to: "{region}.chinacloudapi.cn" }],
  "no-path-trailing-slash": [{ from: "/reimage:", to: "/reimage/:" }],
  "path-not-include-query": [{ from: "/reimage:", to: "/reimage?force=true:" }],
  "path-declaration-must-exist": [{ from: "/{vmName}/reimage:", to: "/{vmName}/{}/reimage:" }],
  "operation-operationId-url-safe": [{ from: "VirtualMachines_Reimage", to: "Virtual Machines_Reimage" }],
  "operation-parameters-unique": [{ from: "parameters/SubscriptionId", to: "parameters/VmName" }],
  "spec-components-invalid-map-name": [{ from: "    RetryAfter:\n", to: "    Retry After:\n" }],
  "spec-ref-siblings": [
    { from: "$ref: examples/reimage.json", to: "$ref: examples/reimage.json\n                value: {}" },
  ],
  "no-example-value-and-externalValue": [
    { file: "examples/reimage.json", from: '"value"', to: '"externalValue": "throttled.json", "value"' },
  ],
};
