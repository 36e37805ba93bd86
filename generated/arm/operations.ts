// Generated from spec/arm.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: 587d7265418c8b82f17c52117daaca204a383219928250e0fd62db67b43b775c

/** The endpoint of each cloud. */
export const clouds = {
  public: "https://management.azure.com",
  usgov: "https://management.usgovcloudapi.net",
  china: "https://management.chinacloudapi.cn",
} as const;

/** The request of VirtualMachines_Get. */
export const virtualMachinesGetOperation = {
  method: "GET",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}",
  apiVersion: "2024-07-01",
} as const;

/** The contract's samples of VirtualMachines_Get. */
export const virtualMachinesGetExamples = {
  path: {
    subscriptionId: "00000000-0000-0000-0000-000000000000",
    resourceGroupName: "myResourceGroup",
    vmName: "myVMName",
  },
  requests: {},
  replies: {
    "200": {
      headers: {
        "x-ms-request-id": "11111111-1111-1111-1111-111111111111",
        "x-ms-ratelimit-remaining-subscription-reads": 249,
        "x-ms-ratelimit-remaining-resource":
          "Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;11",
      },
      bodies: {
        detach: {
          location: "westus",
          properties: {
            storageProfile: {
              osDisk: {
                osType: "Windows",
                managedDisk: {
                  id: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/myResourceGroup/providers/Microsoft.Compute/disks/myOsDisk",
                },
                deleteOption: "Detach",
              },
            },
            provisioningState: "Succeeded",
          },
        },
        delete: {
          location: "westus",
          properties: {
            storageProfile: {
              osDisk: {
                osType: "Linux",
                managedDisk: {
                  id: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/myResourceGroup/providers/Microsoft.Compute/disks/myOsDisk",
                },
                deleteOption: "Delete",
              },
            },
            provisioningState: "Succeeded",
          },
        },
        ephemeral: {
          location: "westus",
          properties: {
            storageProfile: {
              osDisk: {
                osType: "Linux",
                diffDiskSettings: {
                  option: "Local",
                },
                managedDisk: {
                  id: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/myResourceGroup/providers/Microsoft.Compute/disks/myOsDisk",
                },
                deleteOption: "Delete",
              },
            },
            provisioningState: "Succeeded",
          },
        },
      },
    },
    default: {
      headers: {
        "Retry-After": 10,
        "x-ms-request-id": "11111111-1111-1111-1111-111111111111",
      },
      bodies: {
        notFound: {
          error: {
            code: "ResourceNotFound",
            message:
              "The Resource 'Microsoft.Compute/virtualMachines/myVMName' under resource group 'myResourceGroup' was not found.",
          },
        },
        throttled: {
          code: "OperationNotAllowed",
          message:
            "The server rejected the request because too many requests have been received for this subscription.",
          details: [
            {
              code: "TooManyRequests",
              target: "HighCostGet",
              message:
                '{"operationGroup":"HighCostGet","startTime":"2024-03-01T12:00:00.0000000+00:00","endTime":"2024-03-01T12:15:00.0000000+00:00","allowedRequestCount":700,"measuredRequestCount":1205}',
            },
          ],
        },
      },
    },
  },
} as const;
