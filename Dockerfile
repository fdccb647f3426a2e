# syntax=docker/dockerfile:1

FROM eclipse-temurin:25-jdk AS build
WORKDIR /build
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src src
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -q package -DskipTests
# The libraries, which change seldom, get a separate layer.
RUN java -Djarmode=tools -jar target/narwhal.jar extract --layers --destination layers

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --create-home narwhal \
    && mkdir /data \
    && chown narwhal /data
WORKDIR /opt/narwhal
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
COPY src/dist/bin/narwhal bin/narwhal
ENV LC_ALL=C.UTF-8
# By the image's own Java: no other could read the cache.
RUN bin/narwhal make-cache
USER narwhal
VOLUME /data
EXPOSE 8080
# Nobody can reach loopback inside a container; `docker run -p` decides which port is published, and is the deliberate act.
ENV SERVER_ADDRESS=0.0.0.0 \
    NARWHAL_ACCESS_OPENTONETWORK=true \
    SERVER_PORT=8080 \
    NARWHAL_DATADIR=/data
# Uses only bash, because the image may not have curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$SERVER_PORT && printf 'HEAD / HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r answer <&3 && [[ $answer == 'HTTP/1.1 200'* ]]"]
# JAVA_OPTS=-Xmx2g, for instance, gives the server a larger heap: docs/operations.md.
ENTRYPOINT ["/opt/narwhal/bin/narwhal"]
