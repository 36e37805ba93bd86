// Generated from spec/openapi.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: 2de48dedbd89fef6f574b4d134bbe281d155bc6a6e6873a441225620c9640d21

export interface paths {
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}/reimage": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Reimage
     *
     * Reimages (upgrade the operating system) a virtual machine which don't have a ephemeral OS disk, for
     * virtual machines who have a ephemeral OS disk the virtual machine is reset to initial state. NOTE:
     * The retaining of old OS disk depends on the value of deleteOption of OS disk. If deleteOption is
     * detach, the old OS disk will be preserved after reimage. If deleteOption is delete, the old OS disk
     * will be deleted after reimage. The deleteOption of the OS disk should be updated accordingly before
     * performing the reimage.
     */
    post: operations["VirtualMachines_Reimage"];
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
    /** Inner error details. */
    InnerError: {
      /** The internal error message or exception dump. */
      errordetail?: string;
      /** The exception type. */
      exceptiontype?: string;
    };
    /**
     * What the page asks of adminPassword when the virtual machine runs Linux.
     *
     * @format password
     * @minLength 6
     * @maxLength 72
     * @pattern ^(?:(?=[\s\S]*\p{Ll})(?=[\s\S]*\p{Lu})(?=[\s\S]*[\p{Nd}\W_])|(?=[\s\S]*\p{Nd})(?=[\s\S]*[\W_])(?=[\s\S]*[\p{Ll}\p{Lu}]))
     */
    LinuxAdminPassword: string;
    /** Specifies information required for reimaging the non-ephemeral OS disk. */
    OSProfileProvisioningData: {
      /**
       * Specifies the password of the administrator account.
       *
       * Minimum-length (Windows): 8 characters
       *
       * Minimum-length (Linux): 6 characters
       *
       * Max-length (Windows): 123 characters
       *
       * Max-length (Linux): 72 characters
       *
       * Complexity requirements: 3 out of 4 conditions below need to be fulfilled
       *
       * - Has lower characters
       * - Has upper characters
       * - Has a digit
       * - Has a special character (Regex match [\W_])
       *
       * Disallowed values: "abc@123", "P@$$w0rd", "P@ssw0rd", "P@ssword123", "Pa$$word", "pass@word1",
       * "Password!", "Password1", "Password22", "iloveyou!"
       *
       * For resetting the password, see How to reset the Remote Desktop service or its login password in a
       * Windows VM
       *
       * For resetting root password, see Manage users, SSH, and check or repair disks on Azure Linux VMs
       * using the VMAccess Extension
       *
       * @format password
       */
      adminPassword?: string;
      /**
       * Specifies a base-64 encoded string of custom data. The base-64 encoded string is decoded to a binary
       * array that is saved as a file on the Virtual Machine. The maximum length of the binary array is
       * 65535 bytes. Note: Do not pass any secrets or passwords in customData property. This property cannot
       * be updated after the VM is created. The property customData is passed to the VM to be saved as a
       * file, for more information see Custom Data on Azure VMs. If using cloud-init for your Linux VM, see
       * Using cloud-init to customize a Linux VM during creation.
       *
       * @format password
       * @contentEncoding base64
       * @maxLength 87380
       * @pattern ^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$
       */
      customData?: string;
    };
    /** Parameters supplied to the Reimage Virtual Machine operation. */
    VirtualMachineReimageParameters: {
      /**
       * Specifies in decimal number, the version the OS disk should be reimaged to. If exact version is not
       * provided, the OS disk is reimaged to the existing version of OS Disk.
       */
      exactVersion?: string;
      /** Specifies information required for reimaging the non-ephemeral OS disk. */
      osProfile?: components["schemas"]["OSProfileProvisioningData"];
      /**
       * Specifies whether to reimage temp disk. Default value: false. Note: This temp disk reimage parameter
       * is only supported for VM/VMSS with Ephemeral OS disk.
       *
       * @default false
       */
      tempDisk?: boolean;
    };
    /**
     * What the page asks of adminPassword when the virtual machine runs Windows.
     *
     * @format password
     * @minLength 8
     * @maxLength 123
     * @pattern ^(?:(?=[\s\S]*\p{Ll})(?=[\s\S]*\p{Lu})(?=[\s\S]*[\p{Nd}\W_])|(?=[\s\S]*\p{Nd})(?=[\s\S]*[\W_])(?=[\s\S]*[\p{Ll}\p{Lu}]))
     */
    WindowsAdminPassword: string;
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}

export type ApiError = components["schemas"]["ApiError"];
export type ApiErrorBase = components["schemas"]["ApiErrorBase"];
export type CloudError = components["schemas"]["CloudError"];
export type InnerError = components["schemas"]["InnerError"];
export type LinuxAdminPassword = components["schemas"]["LinuxAdminPassword"];
export type OSProfileProvisioningData = components["schemas"]["OSProfileProvisioningData"];
export type VirtualMachineReimageParameters = components["schemas"]["VirtualMachineReimageParameters"];
export type WindowsAdminPassword = components["schemas"]["WindowsAdminPassword"];

export interface operations {
  VirtualMachines_Reimage: {
    parameters: {
      query: {
        /** Client Api Version. */
        "api-version": "2024-03-01";
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
    /** Parameters supplied to the Reimage Virtual Machine operation. */
    requestBody?: {
      content: {
        "application/json": components["schemas"]["VirtualMachineReimageParameters"];
      };
    };
    responses: {
      /** OK */
      200: {
        headers: {
          /** One id for all requests that belong together. The activity log is searched by it. */
          "x-ms-correlation-request-id"?: string;
          /**
           * How many calls are left under each limit of the resource provider, as `policy;count` joined by
           * commas.
           */
          "x-ms-ratelimit-remaining-resource"?: string;
          /** How many writes the subscription has left before it is throttled. */
          "x-ms-ratelimit-remaining-subscription-writes"?: number;
          /** The service's id of this request. Support asks for it. */
          "x-ms-request-id"?: string;
          /** The region that took the request, its time and the request's id, joined by colons. */
          "x-ms-routing-request-id"?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** Accepted */
      202: {
        headers: {
          /**
           * Where to read the status document of the reimage. When present it is preferred to Location.
           *
           * @format uri
           */
          "Azure-AsyncOperation"?: string;
          /**
           * Where to ask for the outcome. It answers 202 while the reimage runs and 200 when it has ended.
           *
           * @format uri
           */
          Location: string;
          /** How long to wait before the next request, in seconds or as an HTTP date. */
          "Retry-After"?: number | string;
          /** One id for all requests that belong together. The activity log is searched by it. */
          "x-ms-correlation-request-id"?: string;
          /**
           * How many calls are left under each limit of the resource provider, as `policy;count` joined by
           * commas.
           */
          "x-ms-ratelimit-remaining-resource"?: string;
          /** How many writes the subscription has left before it is throttled. */
          "x-ms-ratelimit-remaining-subscription-writes"?: number;
          /** The service's id of this request. Support asks for it. */
          "x-ms-request-id"?: string;
          /** The region that took the request, its time and the request's id, joined by colons. */
          "x-ms-routing-request-id"?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** Error response describing why the operation failed. */
      default: {
        headers: {
          /** How long to wait before the next request, in seconds or as an HTTP date. */
          "Retry-After"?: number | string;
          /** One id for all requests that belong together. The activity log is searched by it. */
          "x-ms-correlation-request-id"?: string;
          /** The service's id of this request. Support asks for it. */
          "x-ms-request-id"?: string;
          /** The region that took the request, its time and the request's id, joined by colons. */
          "x-ms-routing-request-id"?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CloudError"];
        };
      };
    };
  };
}
