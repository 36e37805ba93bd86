// azure-vm-reimage: 37 names

class AbortedError extends ReimageError {
    readonly name: "AbortError";
}

abstract class ReimageError extends Error {
    #private;
    readonly started: Started;
    readonly vm?: VirtualMachineId;
    readonly correlationId?: string;
    constructor(facts: ErrorFacts);
    get resume(): SerializedOperation | undefined;
    toJSON(): Record<string, unknown>;
}

type AnyReimageError = InvalidInputError | AuthenticationError | NotSentError | RequestRejectedError | OperationFailedError | OperationCanceledError | OutcomeUnknownError | WaitTimeoutError | AbortedError;

class AuthenticationError extends ReimageError {
    readonly name: "AuthenticationError";
    readonly started: "no" | "yes";
}

interface BeginOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
    readonly throttleRetries?: number | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly correlationId?: string | undefined;
    readonly osType?: OsType | undefined;
    readonly validate?: boolean | undefined;
    readonly beforeSend?: ((intent: ReimageIntent) => void | Promise<void>) | undefined;
    readonly onAccepted?: ((saved: SerializedOperation) => void | Promise<void>) | undefined;
}

function createReimageClient(options: ReimageClientOptions): ReimageClient;

type Credential = TokenCredential | (() => string | Promise<string>);

interface EndedState extends CommonState {
    readonly status: "failed" | "canceled";
    readonly startTime?: string;
    readonly endTime?: string;
    readonly httpStatus: number;
    readonly error?: ServiceError;
}

interface CommonState {
    readonly correlationId: string;
    readonly requestId?: string;
    readonly location?: string;
    readonly polls: number;
    readonly rateLimits?: Readonly<Record<string, number>>;
}

function formatVirtualMachineId(vm: VirtualMachineId): string;

class InvalidInputError extends ReimageError {
    readonly name: "InvalidInputError";
    readonly started: "no";
    readonly issues: readonly Issue[];
    constructor(issues: readonly Issue[], vm?: VirtualMachineId);
}

function isReimageError(error: unknown): error is AnyReimageError;

interface Issue {
    readonly path: string;
    readonly rule: string;
}

class NotSentError extends ReimageError {
    readonly name: "NotSentError";
    readonly started: "no";
}

class OperationCanceledError extends ServiceReportedError {
    readonly name: "OperationCanceledError";
    readonly started: "yes";
}

const ServiceReportedError: abstract new (facts: ErrorFacts) => ReimageError & ServiceFields;

class OperationFailedError extends ServiceReportedError {
    readonly name: "OperationFailedError";
    readonly started: "yes";
}

type OperationState = RunningState | SucceededState | EndedState;

type OsType = "Windows" | "Linux";

class OutcomeUnknownError extends ServiceReportedError {
    readonly name: "OutcomeUnknownError";
    readonly started: "maybe" | "yes";
    readonly reason: UnknownReason;
}

function parseVirtualMachineId(id: string): VirtualMachineId;

interface ReimageClient {
    beginReimage(vm: VirtualMachine, parameters?: ReimageParameters, options?: BeginOptions): Promise<ReimageOperation>;
    reimage(vm: VirtualMachine, parameters?: ReimageParameters, options?: BeginOptions & WaitOptions): Promise<SucceededState>;
    resume(saved: string | SerializedOperation, options?: {
        readonly headers?: Readonly<Record<string, string>> | undefined;
    }): ReimageOperation;
}

interface ReimageClientOptions {
    readonly credential: Credential;
    readonly cloud?: "public" | "usgov" | "china" | undefined;
    readonly endpoint?: string | undefined;
    readonly scope?: string | undefined;
    readonly allowedPollOrigins?: readonly string[] | undefined;
    readonly allowInsecureLoopback?: boolean | undefined;
    readonly fetch?: typeof globalThis.fetch | undefined;
    readonly pollIntervalMs?: number | undefined;
    readonly requestTimeoutMs?: number | undefined;
    readonly timeoutMs?: number | undefined;
    readonly onEvent?: ((event: ReimageEvent) => void) | undefined;
}

type ReimageEvent = ({
    readonly type: "request";
} & RequestFacts) | ({
    readonly type: "response";
    readonly status: number;
    readonly requestId?: string;
    readonly durationMs: number;
} & RequestFacts) | {
    readonly type: "retry";
    readonly reason: "throttled" | "challenged" | "read-failure";
    readonly correlationId: string;
    readonly delayMs: number;
} | {
    readonly type: "state";
    readonly state: OperationState;
};

interface ReimageIntent {
    readonly vm: VirtualMachineId;
    readonly correlationId: string;
    readonly at: string;
}

interface ReimageOperation extends AsyncIterable<OperationState> {
    readonly vm: VirtualMachineId;
    readonly state: OperationState;
    readonly done: boolean;
    poll(options?: {
        readonly signal?: AbortSignal | undefined;
    }): Promise<OperationState>;
    wait(options?: WaitOptions): Promise<SucceededState>;
    toJSON(): SerializedOperation;
}

type ReimageParameters = VirtualMachineReimageParameters;

class RequestRejectedError extends ServiceReportedError {
    readonly name: "RequestRejectedError";
    readonly started: "no";
}

interface RunningState extends CommonState {
    readonly status: "running";
    readonly serviceStatus?: string;
    readonly percentComplete?: number;
    readonly nextPollAt: number;
    readonly retryAfterMs?: number;
    readonly readFailures: number;
}

interface SerializedOperation {
    readonly version: 1;
    readonly vm: VirtualMachineId;
    readonly correlationId: string;
    readonly status: OperationState["status"];
    readonly statusKind?: StatusUrl["kind"];
    readonly statusUrl?: string;
}

interface ServiceError {
    readonly code?: string;
    readonly message?: string;
    readonly target?: string;
    readonly details?: readonly ApiErrorBase[];
    readonly innererror?: InnerError;
}

interface ServiceFields {
    readonly status?: number;
    readonly code?: string;
    readonly serviceMessage?: string;
    readonly target?: string;
    readonly details?: readonly ApiErrorBase[];
    readonly innererror?: InnerError;
    readonly requestId?: string;
    readonly retryAfterMs?: number;
    readonly hint?: string;
}

type Started = "no" | "maybe" | "yes";

interface SucceededState extends CommonState {
    readonly status: "succeeded";
    readonly startTime?: string;
    readonly endTime?: string;
}

interface TokenCredential {
    getToken(scopes: string | string[], options?: {
        abortSignal?: AbortSignal;
        claims?: string;
        enableCae?: boolean;
    }): Promise<{
        token: string;
        expiresOnTimestamp: number;
    } | null>;
}

type UnknownReason = "no-answer" | PostReason | StatusReason | "not-recorded";

type VirtualMachine = string | VirtualMachineId;

interface VirtualMachineId {
    readonly subscriptionId: string;
    readonly resourceGroupName: string;
    readonly vmName: string;
}

interface WaitOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
    readonly onProgress?: ((state: OperationState) => void) | undefined;
}

class WaitTimeoutError extends ReimageError {
    readonly name: "WaitTimeoutError";
    readonly started: "yes";
}


// azure-vm-reimage/generated: 35 names

type ApiError = components["schemas"]["ApiError"];

type ApiErrorBase = components["schemas"]["ApiErrorBase"];

interface ApiRequest {
    readonly url: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | null;
}

type CloudError = components["schemas"]["CloudError"];

interface components {
    schemas: {
        ApiError: {
            code?: string;
            details?: components["schemas"]["ApiErrorBase"][];
            innererror?: components["schemas"]["InnerError"];
            message?: string;
            target?: string;
        };
        ApiErrorBase: {
            code?: string;
            message?: string;
            target?: string;
        };
        CloudError: {
            error?: components["schemas"]["ApiError"];
        };
        InnerError: {
            errordetail?: string;
            exceptiontype?: string;
        };
        LinuxAdminPassword: string;
        OSProfileProvisioningData: {
            adminPassword?: string;
            customData?: string;
        };
        VirtualMachineReimageParameters: {
            exactVersion?: string;
            osProfile?: components["schemas"]["OSProfileProvisioningData"];
            tempDisk?: boolean;
        };
        WindowsAdminPassword: string;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}

const endpoint = "https://management.azure.com";

type InnerError = components["schemas"]["InnerError"];

interface Issue {
    readonly path: string;
    readonly rule: string;
}

type LinuxAdminPassword = components["schemas"]["LinuxAdminPassword"];

interface NamedHeaders<Name extends string> extends Headers {
    get(name: Name | (string & Record<never, never>)): string | null;
}

interface operations {
    VirtualMachines_Reimage: {
        parameters: {
            query: {
                "api-version": "{api-version}";
            };
            header?: never;
            path: {
                resourceGroupName: string;
                subscriptionId: string;
                vmName: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["VirtualMachineReimageParameters"];
            };
        };
        responses: {
            200: {
                headers: {
                    "x-ms-correlation-request-id"?: string;
                    "x-ms-ratelimit-remaining-resource"?: string;
                    "x-ms-ratelimit-remaining-subscription-writes"?: number;
                    "x-ms-request-id"?: string;
                    "x-ms-routing-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            202: {
                headers: {
                    "Azure-AsyncOperation"?: string;
                    Location: string;
                    "Retry-After"?: number | string;
                    "x-ms-correlation-request-id"?: string;
                    "x-ms-ratelimit-remaining-resource"?: string;
                    "x-ms-ratelimit-remaining-subscription-writes"?: number;
                    "x-ms-request-id"?: string;
                    "x-ms-routing-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    "Retry-After"?: number | string;
                    "x-ms-correlation-request-id"?: string;
                    "x-ms-request-id"?: string;
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

type OSProfileProvisioningData = components["schemas"]["OSProfileProvisioningData"];

interface paths {
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}/reimage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["VirtualMachines_Reimage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}

interface RequestOptions {
    headers?: Record<string, string> | undefined;
    signal?: AbortSignal | undefined;
    endpoint?: string | undefined;
    fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

const secretPaths: readonly (readonly string[])[];

function validateApiVersion(value: unknown, path?: string): Issue[];

function validateLinuxAdminPassword(value: unknown, path?: string): Issue[];

function validateOSProfileProvisioningData(value: unknown, path?: string): Issue[];

function validateResourceGroupName(value: unknown, path?: string): Issue[];

function validateSubscriptionId(value: unknown, path?: string): Issue[];

function validateVirtualMachineReimageParameters(value: unknown, path?: string): Issue[];

function validateVmName(value: unknown, path?: string): Issue[];

function validateWindowsAdminPassword(value: unknown, path?: string): Issue[];

type VirtualMachineReimageParameters = components["schemas"]["VirtualMachineReimageParameters"];

function virtualMachinesReimage(path: VirtualMachinesReimagePath, init?: VirtualMachinesReimageInit): Promise<VirtualMachinesReimageResponse>;

interface VirtualMachinesReimage200 extends Response {
    readonly ok: true;
    readonly status: 200;
    readonly headers: NamedHeaders<"x-ms-request-id" | "x-ms-correlation-request-id" | "x-ms-routing-request-id" | "x-ms-ratelimit-remaining-subscription-writes" | "x-ms-ratelimit-remaining-resource">;
    json(): Promise<unknown>;
}

interface VirtualMachinesReimage202 extends Response {
    readonly ok: true;
    readonly status: 202;
    readonly headers: NamedHeaders<"Location" | "Azure-AsyncOperation" | "Retry-After" | "x-ms-request-id" | "x-ms-correlation-request-id" | "x-ms-routing-request-id" | "x-ms-ratelimit-remaining-subscription-writes" | "x-ms-ratelimit-remaining-resource">;
    json(): Promise<unknown>;
}

interface VirtualMachinesReimageError extends Response {
    readonly ok: false;
    readonly headers: NamedHeaders<"Retry-After" | "x-ms-request-id" | "x-ms-correlation-request-id" | "x-ms-routing-request-id">;
    json(): Promise<CloudError>;
}

const virtualMachinesReimageExamples: {
    readonly path: {
        readonly subscriptionId: "00000000-0000-0000-0000-000000000000";
        readonly resourceGroupName: "myResourceGroup";
        readonly vmName: "myVMName";
    };
    readonly requests: {
        readonly nonEphemeral: {
            readonly tempDisk: true;
            readonly exactVersion: "aaaaaa";
            readonly osProfile: {
                readonly adminPassword: "not-a-real-Passw0rd";
                readonly customData: "I2Nsb3VkLWNvbmZpZwo=";
            };
        };
        readonly tempDisk: {
            readonly tempDisk: true;
        };
    };
    readonly replies: {
        readonly "200": {
            readonly headers: {
                readonly "x-ms-request-id": "11111111-1111-1111-1111-111111111111";
                readonly "x-ms-correlation-request-id": "33333333-3333-3333-3333-333333333333";
                readonly "x-ms-routing-request-id": "WESTUS:20240301T120000Z:33333333-3333-3333-3333-333333333333";
                readonly "x-ms-ratelimit-remaining-subscription-writes": 199;
                readonly "x-ms-ratelimit-remaining-resource": "Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;11";
            };
            readonly bodies: {};
        };
        readonly "202": {
            readonly headers: {
                readonly Location: "https://management.azure.com/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Compute/locations/westus/operations/11111111-1111-1111-1111-111111111111?monitor=true";
                readonly "Azure-AsyncOperation": "https://management.azure.com/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Compute/locations/westus/operations/11111111-1111-1111-1111-111111111111?p=22222222-2222-2222-2222-222222222222";
                readonly "Retry-After": 10;
                readonly "x-ms-request-id": "11111111-1111-1111-1111-111111111111";
                readonly "x-ms-correlation-request-id": "33333333-3333-3333-3333-333333333333";
                readonly "x-ms-routing-request-id": "WESTUS:20240301T120000Z:33333333-3333-3333-3333-333333333333";
                readonly "x-ms-ratelimit-remaining-subscription-writes": 199;
                readonly "x-ms-ratelimit-remaining-resource": "Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;11";
            };
            readonly bodies: {};
        };
        readonly default: {
            readonly headers: {
                readonly "Retry-After": 10;
                readonly "x-ms-request-id": "11111111-1111-1111-1111-111111111111";
                readonly "x-ms-correlation-request-id": "33333333-3333-3333-3333-333333333333";
                readonly "x-ms-routing-request-id": "WESTUS:20240301T120000Z:33333333-3333-3333-3333-333333333333";
            };
            readonly bodies: {
                readonly otherCustomData: {
                    readonly error: {
                        readonly code: "BadRequest";
                        readonly message: "Reimage requires the custom data provided should be same as the custom data provided while creating the Virtual Machine.";
                    };
                };
                readonly tempDisk: {
                    readonly error: {
                        readonly code: "InvalidParameter";
                        readonly message: "The value of parameter tempDisk is invalid.";
                        readonly target: "tempDisk";
                    };
                };
                readonly notFound: {
                    readonly error: {
                        readonly code: "ResourceNotFound";
                        readonly message: "The Resource 'Microsoft.Compute/virtualMachines/myVMName' under resource group 'myResourceGroup' was not found.";
                    };
                };
                readonly busy: {
                    readonly error: {
                        readonly code: "OperationNotAllowed";
                        readonly message: "The operation cannot be performed while another one on the same virtual machine is in progress.";
                    };
                };
            };
        };
    };
};

interface VirtualMachinesReimageInit extends RequestOptions {
    body?: VirtualMachineReimageParameters | undefined;
}

const virtualMachinesReimageOperation: {
    readonly method: "POST";
    readonly path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}/reimage";
    readonly apiVersion: "{api-version}";
};

interface VirtualMachinesReimagePath {
    subscriptionId: string;
    resourceGroupName: string;
    vmName: string;
}

function virtualMachinesReimageRequest(path: VirtualMachinesReimagePath, { endpoint: base, body }?: Pick<VirtualMachinesReimageInit, "endpoint" | "body">): ApiRequest;

type VirtualMachinesReimageResponse = VirtualMachinesReimage200 | VirtualMachinesReimage202 | VirtualMachinesReimageError;

type WindowsAdminPassword = components["schemas"]["WindowsAdminPassword"];


// azure-vm-reimage/preflight: 6 names

function deleteOsDiskCommand(vm: VirtualMachine): string;

function inspect(client: ReimageClient, vm: VirtualMachine, options?: InspectOptions): Promise<Inspection>;

interface Inspection {
    readonly oldOsDisk: "kept" | "deleted" | "reset" | "unknown";
    readonly ephemeral: boolean;
    readonly osType?: OsType;
    readonly osDiskId?: string;
    readonly location: string;
    readonly provisioningState?: string;
}

interface InspectOptions {
    readonly signal?: AbortSignal | undefined;
}

function keepOsDiskCommand(vm: VirtualMachine): string;

function reconcile(before: Inspection, after: Inspection): "happened" | "cannot tell";


// azure-vm-reimage/fleet: 8 names

interface FleetLimit {
    readonly capacity: number;
    readonly refillPerSecond: number;
}

interface FleetLimits {
    readonly armWrites: FleetLimit;
    readonly armReads: FleetLimit;
    readonly vmUpdates: FleetLimit;
    readonly subscriptionVmUpdates: FleetLimit;
    readonly operationReads: FleetLimit;
    readonly subscriptionOperationReads: FleetLimit;
}

interface FleetOptions {
    readonly maxInFlight?: number | undefined;
    readonly timeoutMs?: number | undefined;
    readonly limits?: Partial<FleetLimits> | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly resume?: Iterable<SerializedOperation> | undefined;
    readonly beforeSend?: BeginOptions["beforeSend"] | undefined;
    readonly onAccepted?: BeginOptions["onAccepted"] | undefined;
    readonly onProgress?: ((totals: FleetTotals) => void) | undefined;
}

type FleetResult = {
    readonly vm: VirtualMachineId;
    readonly outcome: "succeeded";
    readonly state: SucceededState;
} | {
    readonly vm: VirtualMachineId;
    readonly outcome: "failed" | "canceled" | "rejected" | "unknown" | "invalid" | "not-sent" | "authentication" | "timeout" | "aborted";
    readonly error: AnyReimageError;
};

interface FleetTotals {
    readonly waiting: number;
    readonly running: number;
    readonly ended: number;
    readonly outcomes: Readonly<Partial<Record<FleetResult["outcome"], number>>>;
    readonly throttled: number;
}

function paceReads<V extends VirtualMachine, T>(vms: Iterable<V>, read: (vm: V) => Promise<T>, options?: PaceReadsOptions): Promise<PromiseSettledResult<T>[]>;

interface PaceReadsOptions {
    readonly signal?: AbortSignal | undefined;
    readonly onThrottled?: ((waitMs: number) => void) | undefined;
}

function reimageFleet(client: ReimageClient, vms: Iterable<VirtualMachine> | AsyncIterable<VirtualMachine>, parameters?: ReimageParameters, options?: FleetOptions): AsyncIterable<FleetResult>;


// azure-vm-reimage/simulator: 18 names

function createSimulator(options?: SimulatorOptions): Simulator;

type Fault = FaultPlan & ({
    readonly kind: "status";
    readonly status: number;
    readonly error?: {
        readonly code: string;
        readonly message: string;
    };
    readonly headers?: Readonly<Record<string, string>>;
} | {
    readonly kind: "reset";
} | {
    readonly kind: "unreachable";
} | {
    readonly kind: "delay";
    readonly ms: number;
} | {
    readonly kind: "truncated";
} | {
    readonly kind: "html";
    readonly status?: number;
} | {
    readonly kind: "redirect";
    readonly status?: number;
    readonly location?: string;
} | {
    readonly kind: "wrong-origin";
    readonly origin?: string;
});

interface FaultPlan {
    readonly on?: RouteKind;
    readonly vmName?: string;
    readonly after?: number;
    readonly times?: number;
    readonly chance?: number;
    readonly acted?: boolean;
}

interface Limit {
    readonly capacity: number;
    readonly refillPerSecond: number;
}

interface Limits {
    readonly armWrites: Limit;
    readonly armReads: Limit;
    readonly vmUpdates: Limit;
    readonly subscriptionVmUpdates: Limit;
    readonly operationReads: Limit;
    readonly subscriptionOperationReads: Limit;
}

type PresetName = keyof Presets;

const presets: Presets;

interface Presets {
    readonly succeeds: SimulatorOptions;
    readonly succeedsAtOnce: SimulatorOptions;
    readonly recorded: SimulatorOptions;
    readonly fails: SimulatorOptions;
    readonly failsToAllocate: SimulatorOptions;
    readonly preempted: SimulatorOptions;
    readonly hangs: SimulatorOptions;
    readonly notFound: SimulatorOptions;
    readonly strict: SimulatorOptions;
    readonly busy: SimulatorOptions;
    readonly forbidden: SimulatorOptions;
    readonly throttledOnce: SimulatorOptions;
    readonly throttled: SimulatorOptions;
    readonly throttledByArm: SimulatorOptions;
    readonly serverError: SimulatorOptions;
    readonly lostAnswer: SimulatorOptions;
    readonly signInPage: SimulatorOptions;
    readonly redirected: SimulatorOptions;
    readonly wrongOrigin: SimulatorOptions;
    readonly recordLags: SimulatorOptions;
    readonly recordExpires: SimulatorOptions;
    readonly flakyPolls: SimulatorOptions;
}

interface RecordedRequest {
    readonly at: number;
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly status?: number;
}

interface Refusals {
    readonly unknownVm?: boolean;
    readonly tempDisk?: boolean;
    readonly customData?: boolean;
    readonly adminPassword?: boolean;
    readonly changedStatusUrl?: boolean;
}

type RouteKind = "reimage" | "status" | "read";

interface SimulatedFailure {
    readonly status: "failed" | "canceled";
    readonly code?: string;
    readonly message?: string;
    readonly replacesDisk?: boolean;
}

type SimulatedOutcome = "succeeded" | "failed" | "canceled" | "hang" | SimulatedFailure;

interface SimulatedVm {
    readonly id: string;
    readonly subscriptionId: string;
    readonly resourceGroupName: string;
    readonly vmName: string;
    readonly ephemeral: boolean;
    readonly osType?: "Windows" | "Linux";
    readonly deleteOption: "Detach" | "Delete";
    readonly location: string;
    readonly provisioningState: "Succeeded" | "Updating" | "Failed";
    readonly osDiskId: string;
    readonly keptOsDiskIds: readonly string[];
    readonly deletedOsDiskIds: readonly string[];
    readonly reimages: number;
}

interface SimulatedVmInit {
    readonly subscriptionId: string;
    readonly resourceGroupName: string;
    readonly vmName: string;
    readonly ephemeral?: boolean;
    readonly osType?: "Windows" | "Linux";
    readonly deleteOption?: "Detach" | "Delete";
    readonly customData?: string;
    readonly location?: string;
    readonly vmSize?: string;
    readonly provisioningState?: "Succeeded" | "Failed";
    readonly outcome?: SimulatedOutcome;
    readonly durationMs?: number;
}

interface Simulator {
    readonly fetch: typeof globalThis.fetch;
    readonly endpoint: string;
    readonly endpoints: readonly string[];
    readonly requests: readonly RecordedRequest[];
    readonly vms: ReadonlyMap<string, SimulatedVm>;
    reset(): void;
}

interface SimulatorOptions {
    readonly endpoint?: string;
    readonly vms?: readonly SimulatedVmInit[];
    readonly refuse?: Refusals;
    readonly durationMs?: number | ((random: () => number) => number);
    readonly retryAfterSeconds?: number | null | {
        readonly accepted: number | null;
        readonly running: number | null;
    };
    readonly statusHeader?: "both" | "azure-asyncoperation" | "location" | "none";
    readonly signedStatusUrls?: boolean;
    readonly statusRecord?: StatusRecord;
    readonly statusApiVersion?: string;
    readonly apiVersions?: readonly string[];
    readonly outcome?: SimulatedOutcome | ((vm: SimulatedVm, random: () => number) => SimulatedOutcome);
    readonly busy?: "conflict" | "preempt";
    readonly faults?: readonly Fault[];
    readonly throttle?: boolean | Partial<Limits>;
    readonly now?: () => number;
    readonly seed?: number;
}

interface StatusRecord {
    readonly lagMs?: number;
    readonly keptMs?: number;
    readonly gone?: 404 | 410;
}


// azure-vm-reimage/msw: 1 names

function reimageHandlers(simulator?: Simulator | SimulatorOptions): HttpHandler[];


// azure-vm-reimage/node: 5 names

function azureCliCredential(options?: AzureCliOptions): TokenCredential;

interface AzureCliOptions {
    readonly tenantId?: string | undefined;
    readonly timeoutMs?: number | undefined;
}

interface ServedSimulator {
    readonly url: string;
    readonly caFile?: string;
    readonly instructions: readonly string[];
    close(): Promise<void>;
}

interface ServeOptions {
    readonly port?: number | undefined;
    readonly host?: string | undefined;
    readonly tls?: {
        readonly key: string;
        readonly cert: string;
    } | undefined;
}

function serveSimulator(simulator: Simulator, options?: ServeOptions): Promise<ServedSimulator>;