//! What this machine shows before anything is sent.

use schemars::JsonSchema;
use serde::Serialize;

/// One thing noticed on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LocalFact {
    /// No key in any of the places.
    NoKey,
    /// The key's variable is set to nothing.
    EmptyVariable,
    /// No key under the SDKs' names, and one under a name that they do not read.
    KeyMisnamed,
    /// A key under a name that build tools take into what browsers get.
    KeyForBundle,
    /// Both variables of the SDKs are set, to different keys.
    TwoVariables,
    /// The key file cannot be used.
    KeyFileUnusable,
    /// The key command failed.
    KeyCommandFailed,
    /// A line of `.env` does not parse.
    DotenvMalformed,
    /// `.env` is under version control.
    DotenvTracked,
    /// `.env` is not ignored by version control.
    DotenvNotIgnored,
    /// `.env` can be read by other users.
    DotenvReadable,
    /// `.env` sets something that is reported and never obeyed.
    DotenvSetting,
    /// A variable sends the SDKs to another host.
    BaseUrlVariable,
    /// A variable switches the SDKs to the cloud platform.
    VertexSwitch,
    /// Two profiles have one key.
    SharedProfileKey,
    /// There is no key, and the SDKs are switched to the cloud platform, for which there is a login.
    LoginInstead,
    /// No credentials of the cloud platform in any of the places.
    NoCredentials,
    /// A variable names a file of credentials that is not there or cannot be read.
    CredentialsUnusable,
    /// What should be a file of credentials is empty, cut, or no JSON, or a part of it is missing.
    CredentialsCorrupt,
    /// It is another file than one of credentials.
    CredentialsOther,
    /// The text of a template stands in it.
    CredentialsPlaceholder,
    /// Its private key is none that can sign.
    PrivateKeyDamaged,
    /// Other users of this machine can read it.
    CredentialsReadable,
    /// This program does not follow this kind of credentials.
    CredentialsNotFollowed,
    /// It belongs to another universe than googleapis.com.
    ForeignUniverse,
    /// It would have its secrets sent to a host that is not the provider's.
    ForeignTokenHost,
    /// No project is named anywhere.
    NoProject,
    /// The text of a template stands where the project's id belongs.
    PlaceholderProject,
    /// What should be a location cannot be one.
    LocationMalformed,
    /// By the dated table the model is not served in the location.
    ModelElsewhere,
    /// The retired Python SDK (`google-generativeai`) is in use.
    RetiredPythonSdk,
    /// The retired JavaScript SDK (`@google/generative-ai`) is in use.
    RetiredJsSdk,
    /// The retired Go SDK (`github.com/google/generative-ai-go`) is in use.
    RetiredGoSdk,
    /// The removed module `vertexai.generative_models` is in use.
    RetiredVertexModule,
    /// An SDK is older than the model in use needs.
    SdkTooOld,
    /// A line that asks for an SDK for Python leaves its version open.
    SdkUnpinned,
    /// The same for Node.
    SdkUnpinnedNode,
    /// The same for Rust.
    SdkUnpinnedRust,
    /// The same for Java, Kotlin and their kin.
    SdkUnpinnedJvm,
    /// The same for .NET.
    SdkUnpinnedDotNet,
    /// Code asks `httpx` for HTTP/2, and `h2` is not installed beside it.
    Http2Missing,
    /// Code imports one generation of the SDK, and only the other one is installed.
    ImportWithoutSdk,
    /// A file or directory of the project's own takes the place of an SDK's module.
    SdkShadowed,
    /// One environment holds an SDK in two versions, or what an SDK left behind.
    StaleSdk,
    /// Settings of one provider's SDK lead to another provider.
    ProvidersCross,
    /// A switch of the SDKs has a value that they take for no.
    SwitchNotUnderstood,
    /// The two switches to the cloud platform contradict each other.
    SwitchesConflict,
    /// A proxy's variable has two values, in capitals and in small letters.
    ProxyVariablesConflict,
    /// A runtime's variable names certificates that cannot be used.
    CaVariableBroken,
    /// A variable switches the check of certificates off.
    VerificationOff,
    /// The clock shows a time that cannot be.
    ClockImpossible,
    /// A key lies in a file that git tracks.
    KeyTracked,
    /// A key is part of what is built to be given away.
    KeyShipped,
    /// The same of a standard key beside marks of Firebase or Maps, which may be meant to be public.
    PublicKeyShipped,
    /// A key stands in a log.
    KeyLogged,
    /// A key lies in a file of the working tree that nothing keeps out of version control.
    KeyLoose,
    /// The private key of a service account lies where others can get it.
    ServiceAccountLoose,
    /// An OAuth secret or token lies where others can get it.
    OauthSecretLoose,
    /// What is built for browsers calls the API by itself.
    BrowserCallsApi,
}

impl LocalFact {
    /// Whether it is about a key that is missing, and counts for nothing where there is one.
    pub const fn is_of_no_key(self) -> bool {
        matches!(self, Self::NoKey | Self::EmptyVariable | Self::LoginInstead)
    }
}

/// How the names begin that build tools put into what browsers and phones get: Vite, Next.js, Create React
/// App, SvelteKit and Astro, Expo, Nuxt, Gatsby, Vue.
const PUBLIC: [&str; 8] = [
    "VITE_",
    "NEXT_PUBLIC_",
    "REACT_APP_",
    "PUBLIC_",
    "EXPO_PUBLIC_",
    "NUXT_PUBLIC_",
    "GATSBY_",
    "VUE_APP_",
];
/// Products whose keys look the same and may be public, or are for something else.
const OTHER_PRODUCTS: [&str; 6] =
    ["FIREBASE", "MAPS", "YOUTUBE", "PLACES", "RECAPTCHA", "TRANSLATE"];

/// Whether a variable is one that a build tool takes into the bundle.
pub fn is_for_bundle(variable: &str) -> bool {
    PUBLIC.iter().any(|start| variable.starts_with(start)) && !is_of_another_product(variable)
}

/// Whether a variable's name says that its key is for another product of the same provider.
pub fn is_of_another_product(variable: &str) -> bool {
    let name = variable.to_ascii_uppercase();
    OTHER_PRODUCTS.iter().any(|product| name.contains(product))
}
