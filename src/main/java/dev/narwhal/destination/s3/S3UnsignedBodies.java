package dev.narwhal.destination.s3;

import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.scheme.AwsV4AuthScheme;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignedRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.IdentityProviders;

/**
 * Over plain HTTP, signs only the head of PutObject and UploadPart, as the SDK does over HTTPS. The head has the checksum of the
 * body. So neither side computes the body's SHA-256.
 */
final class S3UnsignedBodies implements AwsV4AuthScheme {

    private static final String CONTENT_MD5 = "Content-MD5";
    private static final String CRC32 = "x-amz-checksum-crc32";

    private final AwsV4AuthScheme sdk = AwsV4AuthScheme.create();
    private final AwsV4HttpSigner signer = new HeadSigner(sdk.signer());

    @Override
    public String schemeId() {
        return sdk.schemeId();
    }

    @Override
    public IdentityProvider<AwsCredentialsIdentity> identityProvider(IdentityProviders providers) {
        return sdk.identityProvider(providers);
    }

    @Override
    public AwsV4HttpSigner signer() {
        return signer;
    }

    private record HeadSigner(AwsV4HttpSigner sdk) implements AwsV4HttpSigner {

        @Override
        public SignedRequest sign(SignRequest<? extends AwsCredentialsIdentity> request) {
            return isContent(request.request()) ? signHead(request) : sdk.sign(request);
        }

        /** Hides the body from the SDK: over plain HTTP the SDK always signs a body that it sees. */
        private <T extends AwsCredentialsIdentity> SignedRequest signHead(SignRequest<T> request) {
            SignedRequest head = sdk.sign(request.toBuilder()
                    .payload(null)
                    .putProperty(PAYLOAD_SIGNING_ENABLED, false)
                    .build());
            return head.toBuilder().payload(request.payload().orElse(null)).build();
        }

        /** True for PutObject and UploadPart. The checksum in CompleteMultipartUpload is not that of its own body. */
        private static boolean isContent(SdkHttpRequest request) {
            return request.method() == SdkHttpMethod.PUT
                    && (request.firstMatchingHeader(CRC32).isPresent()
                            || request.firstMatchingHeader(CONTENT_MD5).isPresent());
        }

        @Override
        public CompletableFuture<AsyncSignedRequest> signAsync(
                AsyncSignRequest<? extends AwsCredentialsIdentity> request) {
            return sdk.signAsync(request);
        }
    }
}
