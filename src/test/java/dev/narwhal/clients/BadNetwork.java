package dev.narwhal.clients;

import dev.narwhal.testkit.FaultProxy;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.NetworkLuck;
import dev.narwhal.testkit.NetworkLuck.Cuts;
import dev.narwhal.testkit.SentBody;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One server's network, which is bad in another way for each kind of client, see {@link Cuts}. */
final class BadNetwork implements AutoCloseable {

    private static final Pattern UPLOAD = Pattern.compile("/files/[0-9a-f]{32}");

    private final URI creationUrl;
    private final Map<Cuts, FaultProxy> proxies = new EnumMap<>(Cuts.class);
    private final List<NetworkLuck> lucks = new ArrayList<>();

    BadNetwork(NarwhalProcess server, Random random, int betweenFaults, Duration longest) throws IOException {
        this.creationUrl = server.uploads();
        for (Cuts cuts : Cuts.values()) {
            NetworkLuck luck = new NetworkLuck(new Random(random.nextLong()), betweenFaults, longest, cuts);
            lucks.add(luck);
            proxies.put(cuts, FaultProxy.to(server.root(), luck));
        }
    }

    /** Where uploads are created. */
    URI uploads(Cuts cuts) {
        return Objects.requireNonNull(proxies.get(cuts)).through(creationUrl);
    }

    List<SentBody> bodies() {
        return proxies.values().stream()
                .flatMap(proxy -> proxy.bodies().stream())
                .toList();
    }

    /** What clients have sent, heads included. */
    long received() {
        return proxies.values().stream().mapToLong(FaultProxy::received).sum();
    }

    int faults() {
        return lucks.stream().mapToInt(NetworkLuck::total).sum();
    }

    Map<String, Integer> struck() {
        Map<String, Integer> all = new TreeMap<>();
        lucks.forEach(luck -> luck.struck().forEach((kind, times) -> all.merge(kind, times, Integer::sum)));
        return all;
    }

    /** What happened on the connections on which an upload with that metadata was made, and on the upload's others. */
    String story(String metadata) {
        return UPLOAD.matcher(said(metadata))
                .results()
                .map(MatchResult::group)
                .distinct()
                .map(this::said)
                .collect(Collectors.joining("\n"));
    }

    private String said(String text) {
        return proxies.values().stream().map(proxy -> proxy.story(text)).collect(Collectors.joining());
    }

    @Override
    public void close() throws IOException {
        for (FaultProxy proxy : proxies.values()) {
            proxy.close();
        }
    }
}
