package dev.narwhal.upload;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

public record UploadProperties(@Nullable DataSize maxSize, Duration expireAfter, Duration bodyTimeout) {}
