// Generated from spec/arm.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: fae78a45242c3d7266701f655e3819c62c4eb654959560923f451fd9fbfda37c

export type paths = Record<string, never>;

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
export type InnerError = components["schemas"]["InnerError"];
export type OperationStatus = components["schemas"]["OperationStatus"];
export type PathItemAzureAsyncOperation = components["pathItems"]["AzureAsyncOperation"];
export type PathItemLocation = components["pathItems"]["Location"];

export interface operations {
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
