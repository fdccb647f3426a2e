package dev.narwhal.destination.s3;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Settings of an S3 destination, bound as those of a server are. */
final class S3Settings {

    static final String ACCESS_KEY = "access";
    static final String SECRET_KEY = "secret-key";

    /** Of the settings, for sentences. */
    static final String PREFIX = "narwhal.destination.s3";

    private final Map<String, String> settings = new HashMap<>();

    private S3Settings() {}

    /** A store that has the bucket in the path, by the keys that the stores of these tests know. */
    static S3Settings of(String bucket, URI endpoint) {
        return new S3Settings()
                .with("bucket", bucket)
                .with("endpoint", endpoint.toString())
                .with("access-key", ACCESS_KEY)
                .with("secret-key", SECRET_KEY)
                .with("path-style", "true");
    }

    S3Settings with(String name, String value) {
        settings.put(name, value);
        return this;
    }

    S3Settings without(String name) {
        settings.remove(name);
        return this;
    }

    S3Properties bind() {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("", S3Properties.class);
    }
}
