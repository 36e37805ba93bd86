// Generated from spec/arm.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: 587d7265418c8b82f17c52117daaca204a383219928250e0fd62db67b43b775c

export interface paths {
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a virtual machine
     *
     * Answers with the virtual machine as it is now. Nothing is changed.
     */
    get: operations["VirtualMachines_Get"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}

export interface components {
  schemas: {
    /** Api error. */
    ApiError: {
      /** The error code. */
      code?: string;
      /** The Api error details */
      details?: components["schemas"]["ApiErrorBase"][];
      /** The Api inner error */
      innererror?: components["schemas"]["InnerError"];
      /** The error message. */
      message?: string;
      /** The target of the particular error. */
      target?: string;
    };
    /** Api error base. */
    ApiErrorBase: {
      /** The error code. */
      code?: string;
      /** The error message. */
      message?: string;
      /** The target of the particular error. */
      target?: string;
    };
    /** An error response from the Compute service. */
    CloudError: {
      /** Api error. */
      error?: components["schemas"]["ApiError"];
    };
    /**
     * Specifies the ephemeral Disk Settings for the operating system disk used by the virtual machine.
     * They can only be specified for a managed disk.
     */
    DiffDiskSettings: {
      /** Specifies the ephemeral disk settings for operating system disk: Local. */
      option?: string;
    };
    /** Inner error details. */
    InnerError: {
      /** The internal error message or exception dump. */
      errordetail?: string;
      /** The exception type. */
      exceptiontype?: string;
    };
    /** The managed disk parameters. */
    ManagedDiskParameters: {
      /** Resource Id */
      id?: string;
    };
    /** How a long-running operation stands. */
    OperationStatus: {
      /**
       * When the operation ended.
       *
       * @format date-time
       */
      endTime?: string;
      /** Why the operation failed or was canceled. */
      error?: components["schemas"]["ApiError"];
      /** The id of the operation. */
      id?: string;
      /** The name of the operation, the last segment of its id. */
      name?: string;
      /**
       * How much of the operation is done, from 0 to 100.
       *
       * @minimum 0
       * @maximum 100
       */
      percentComplete?: number;
      /**
       * When the operation began.
       *
       * @format date-time
       */
      startTime?: string;
      /**
       * Succeeded, Failed and Canceled are final. Every other word, known or not, means that the operation
       * still runs.
       */
      status: string;
    };
    /** Specifies information about the operating system disk used by the virtual machine. */
    OSDisk: {
      /**
       * Specifies whether OS Disk should be deleted or detached upon VM deletion. Possible values are:
       * Delete, Detach. The default value is set to Detach. For an ephemeral OS Disk, the default value is
       * set to Delete. The user cannot change the delete option for an ephemeral OS Disk.
       */
      deleteOption?: string;
      /**
       * Specifies the ephemeral Disk Settings for the operating system disk used by the virtual machine.
       * They can only be specified for a managed disk.
       */
      diffDiskSettings?: components["schemas"]["DiffDiskSettings"];
      /** The managed disk parameters. */
      managedDisk?: components["schemas"]["ManagedDiskParameters"];
      /** The type of the operating system on the disk: Windows or Linux. */
      osType?: string;
    };
    /** Specifies the storage settings for the virtual machine disks. */
    StorageProfile: {
      /** Specifies information about the operating system disk used by the virtual machine. */
      osDisk?: components["schemas"]["OSDisk"];
    };
    /** A virtual machine, as far as a reimage is concerned. */
    VirtualMachine: {
      /** Resource location */
      location: string;
      /** Describes the properties of a Virtual Machine. */
      properties?: components["schemas"]["VirtualMachineProperties"];
    };
    /** Describes the properties of a Virtual Machine. */
    VirtualMachineProperties: {
      /**
       * The provisioning state, which only appears in the response: Creating, Updating, Deleting, Succeeded,
       * Failed or Migrating, for example.
       */
      provisioningState?: string;
      /** Specifies the storage settings for the virtual machine disks. */
      storageProfile?: components["schemas"]["StorageProfile"];
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: {
    /** The URL of the header Azure-AsyncOperation. */
    AzureAsyncOperation: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      /**
       * Read the status document
       *
       * Answers 200 with the status document, also when the operation itself failed.
       */
      get: operations["OperationStatuses_Get"];
      put?: never;
      post?: never;
      delete?: never;
      options?: never;
      head?: never;
      patch?: never;
      trace?: never;
    };
    /** The URL of the header Location. */
    Location: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      /**
       * Ask whether it has ended
       *
       * Answers 202 while the operation runs and 200 with an empty body when it has ended.
       */
      get: operations["OperationResults_Get"];
      put?: never;
      post?: never;
      delete?: never;
      options?: never;
      head?: never;
      patch?: never;
      trace?: never;
    };
  };
}

export type ApiError = components["schemas"]["ApiError"];
export type ApiErrorBase = components["schemas"]["ApiErrorBase"];
export type CloudError = components["schemas"]["CloudError"];
export type DiffDiskSettings = components["schemas"]["DiffDiskSettings"];
export type InnerError = components["schemas"]["InnerError"];
export type ManagedDiskParameters = components["schemas"]["ManagedDiskParameters"];
export type OperationStatus = components["schemas"]["OperationStatus"];
export type OSDisk = components["schemas"]["OSDisk"];
export type StorageProfile = components["schemas"]["StorageProfile"];
export type VirtualMachine = components["schemas"]["VirtualMachine"];
export type VirtualMachineProperties = components["schemas"]["VirtualMachineProperties"];
export type PathItemAzureAsyncOperation = components["pathItems"]["AzureAsyncOperation"];
export type PathItemLocation = components["pathItems"]["Location"];

export interface operations {
  VirtualMachines_Get: {
    parameters: {
      query: {
        /** Client Api Version. */
        "api-version": "2024-07-01";
      };
      header?: never;
      path: {
        /**
         * The name of the resource group.
         *
         * @minLength 1
         * @maxLength 90
         * @pattern ^[\p{L}\p{Nd}_.()\-]*[\p{L}\p{Nd}_()\-]$
         */
        resourceGroupName: string;
        /**
         * Subscription credentials which uniquely identify Microsoft Azure subscription. The subscription ID
         * forms part of the URI for every service call.
         *
         * @format uuid
         * @pattern ^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$
         */
        subscriptionId: string;
        /**
         * The name of the virtual machine.
         *
         * @minLength 1
         * @maxLength 64
         * @pattern ^(?![_.])[^\\/"\[\]:|<>+=;,?*@&#%\s\p{Cc}\p{Cs}]*[^\\/"\[\]:|<>+=;,?*@&#%\s\p{Cc}\p{Cs}.\-]$
         */
        vmName: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The virtual machine. */
      200: {
        headers: {
          /**
           * How many calls are left under each limit of the resource provider, as `policy;count` joined by
           * commas.
           */
          "x-ms-ratelimit-remaining-resource"?: string;
          /** How many reads the subscription has left before it is throttled. */
          "x-ms-ratelimit-remaining-subscription-reads"?: number;
          /** The service's id of this request. Support asks for it. */
          "x-ms-request-id"?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["VirtualMachine"];
        };
      };
      /** The virtual machine could not be read. Nothing was changed. */
      default: {
        headers: {
          /** How long to wait before the next request, in seconds or as an HTTP date. */
          "Retry-After"?: number | string;
          /** The service's id of this request. Support asks for it. */
          "x-ms-request-id"?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CloudError"] | components["schemas"]["ApiError"];
        };
      };
    };
  };
  OperationStatuses_Get: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The status document. */
      200: {
        headers: {
          /** How long to wait before the next request, in seconds or as an HTTP date. */
          "Retry-After"?: number | string;
          /**
           * How many calls are left under each limit of the resource provider, as `policy;count` joined by
           * commas.
           */
          "x-ms-ratelimit-remaining-resource"?: string;
          /** How many reads the subscription has left before it is throttled. */
          "x-ms-ratelimit-remaining-subscription-reads"?: number;
          /** The service's id of this request. Support asks for it. */
          "x-ms-request-id"?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OperationStatus"];
        };
      };
      /** The status could not be read. It says nothing about the operation. */
      default: {
        headers: {
          /** How long to wait before the next request, in seconds or as an HTTP date. */
          "Retry-After"?: number | string;
          /** The service's id of this request. Support asks for it. */
          "x-ms-request-id"?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CloudError"] | components["schemas"]["ApiError"];
        };
      };
    };
  };
  OperationResults_Get: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** It has ended. */
      200: {
        headers: {
          /** How many reads the subscription has left before it is throttled. */
          "x-ms-ratelimit-remaining-subscription-reads"?: number;
          /** The service's id of this request. Support asks for it. */
          "x-ms-request-id"?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** It runs. */
      202: {
        headers: {
          /**
           * Where to ask for the outcome. It answers 202 while the reimage runs and 200 when it has ended.
           *
           * @format uri
           */
          Location: string;
          /** How long to wait before the next request, in seconds or as an HTTP date. */
          "Retry-After"?: number | string;
          /** How many reads the subscription has left before it is throttled. */
          "x-ms-ratelimit-remaining-subscription-reads"?: number;
          /** The service's id of this request. Support asks for it. */
          "x-ms-request-id"?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** The status could not be read. It says nothing about the operation. */
      default: {
        headers: {
          /** How long to wait before the next request, in seconds or as an HTTP date. */
          "Retry-After"?: number | string;
          /** The service's id of this request. Support asks for it. */
          "x-ms-request-id"?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CloudError"] | components["schemas"]["ApiError"];
        };
      };
    };
  };
}
