// Generated from spec/openapi.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: 2de48dedbd89fef6f574b4d134bbe281d155bc6a6e6873a441225620c9640d21

/** Where the operations are served. */
export const endpoint = "https://management.azure.com";

/** The request of VirtualMachines_Reimage. */
export const virtualMachinesReimageOperation = {
  method: "POST",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}/reimage",
  apiVersion: "2024-03-01",
} as const;

/** The contract's samples of VirtualMachines_Reimage. */
export const virtualMachinesReimageExamples = {
  path: {
    subscriptionId: "00000000-0000-0000-0000-000000000000",
    resourceGroupName: "myResourceGroup",
    vmName: "myVMName",
  },
  requests: {
    nonEphemeral: {
      tempDisk: true,
      exactVersion: "aaaaaa",
      osProfile: {
        adminPassword: "not-a-real-Passw0rd",
        customData: "I2Nsb3VkLWNvbmZpZwo=",
      },
    },
    tempDisk: {
      tempDisk: true,
    },
  },
  replies: {
    "200": {
      headers: {
        "x-ms-request-id": "11111111-1111-1111-1111-111111111111",
        "x-ms-correlation-request-id": "33333333-3333-3333-3333-333333333333",
        "x-ms-routing-request-id": "WESTUS:20240301T120000Z:33333333-3333-3333-3333-333333333333",
        "x-ms-ratelimit-remaining-subscription-writes": 199,
        "x-ms-ratelimit-remaining-resource":
          "Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;11",
      },
      bodies: {},
    },
    "202": {
      headers: {
        Location:
          "https://management.azure.com/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Compute/locations/westus/operations/11111111-1111-1111-1111-111111111111?monitor=true",
        "Azure-AsyncOperation":
          "https://management.azure.com/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Compute/locations/westus/operations/11111111-1111-1111-1111-111111111111?p=22222222-2222-2222-2222-222222222222",
        "Retry-After": 10,
        "x-ms-request-id": "11111111-1111-1111-1111-111111111111",
        "x-ms-correlation-request-id": "33333333-3333-3333-3333-333333333333",
        "x-ms-routing-request-id": "WESTUS:20240301T120000Z:33333333-3333-3333-3333-333333333333",
        "x-ms-ratelimit-remaining-subscription-writes": 199,
        "x-ms-ratelimit-remaining-resource":
          "Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;11",
      },
      bodies: {},
    },
    default: {
      headers: {
        "Retry-After": 10,
        "x-ms-request-id": "11111111-1111-1111-1111-111111111111",
        "x-ms-correlation-request-id": "33333333-3333-3333-3333-333333333333",
        "x-ms-routing-request-id": "WESTUS:20240301T120000Z:33333333-3333-3333-3333-333333333333",
      },
      bodies: {
        otherCustomData: {
          error: {
            code: "BadRequest",
            message:
              "Reimage requires the custom data provided should be same as the custom data provided while creating the Virtual Machine.",
          },
        },
        tempDisk: {
          error: {
            code: "InvalidParameter",
            message: "The value of parameter tempDisk is invalid.",
            target: "tempDisk",
          },
        },
        notFound: {
          error: {
            code: "ResourceNotFound",
            message:
              "The Resource 'Microsoft.Compute/virtualMachines/myVMName' under resource group 'myResourceGroup' was not found.",
          },
        },
        busy: {
          error: {
            code: "OperationNotAllowed",
            message: "The operation cannot be performed while another one on the same virtual machine is in progress.",
          },
        },
      },
    },
  },
} as const;

/** The ways to the secrets in a request body: never to be logged, stored or quoted. */
export const secretPaths: readonly (readonly string[])[] = [
  ["osProfile", "adminPassword"],
  ["osProfile", "customData"],
];
