package dev.narwhal.bench;

import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/** S3Proxy on a directory, as a program: URL, access key, secret key, directory. */
final class LocalStore {

    private LocalStore() {}

    public static void main(String[] args) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", args[3]);
        S3Proxy.builder()
                .endpoint(URI.create(args[0]))
                .awsAuthentication(AuthenticationType.AWS_V4, args[1], args[2])
                .blobStore(BlobStores.create("filesystem-nio2", properties))
                .ignoreUnknownHeaders(true)
                .build()
                .start();
    }
}
