package dev.narwhal.destination.settings;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.azure.AzureProperties;
import dev.narwhal.destination.directory.DirectoryProperties;
import dev.narwhal.destination.s3.S3Properties;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The default destination of finished files.
 *
 * @param type {@code directory}, {@code s3} or {@code azure}
 * @param keyTemplate the key of an object below the destination: text and the placeholders {@code {id}},
 *     {@code {filename}}, {@code {owner}}, {@code {yyyy}}, {@code {MM}}, {@code {dd}} and {@code {meta.KEY}}
 * @param metadataKeys keys of the client's Upload-Metadata; a destination that supports user metadata stores their values
 *     with the object
 * @param directory settings of the type {@code directory}
 * @param s3 settings of the type {@code s3}
 * @param azure settings of the type {@code azure}
 */
@ConfigurationProperties("narwhal.destination")
public record DestinationProperties(
        @DefaultValue("directory") Type type,
        @DefaultValue("uploads/{id}/{filename}") String keyTemplate,
        @DefaultValue List<String> metadataKeys,
        @DefaultValue @NestedConfigurationProperty DirectoryProperties directory,
        @DefaultValue @NestedConfigurationProperty S3Properties s3,
        @DefaultValue @NestedConfigurationProperty AzureProperties azure) {

    /** The kinds of stores. */
    public enum Type {
        DIRECTORY,
        S3,
        AZURE
    }

    public DestinationProperties {
        if (keyTemplate.isBlank()) {
            throw invalid("key-template", keyTemplate, "text with placeholders such as {id} and {filename}");
        }
        metadataKeys = List.copyOf(metadataKeys);
        Set<String> names = new HashSet<>();
        for (String key : metadataKeys) {
            boolean reserved = key.equalsIgnoreCase(DeliveryJob.UPLOAD_ID);
            if (reserved || !key.matches("[A-Za-z0-9._-]{1,128}") || !names.add(key.toLowerCase(Locale.ROOT))) {
                throw invalid(
                        "metadata-keys",
                        key,
                        "different names of 1 to 128 letters, digits, '.', '_' and '-', but not "
                                + DeliveryJob.UPLOAD_ID);
            }
        }
        if (type == Type.S3 && s3.bucket() == null) {
            throw invalid("s3.bucket", "", "the name of a bucket, since narwhal.destination.type is s3");
        }
        if (type == Type.AZURE) {
            azure.requireComplete();
        }
    }

    private static IllegalArgumentException invalid(String property, String value, String allowed) {
        return new IllegalArgumentException(
                "narwhal.destination." + property + " is '" + value + "'; allowed: " + allowed);
    }
}
