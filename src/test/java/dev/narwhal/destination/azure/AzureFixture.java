package dev.narwhal.destination.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.http.HttpPipelinePosition;
import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.Block;
import com.azure.storage.blob.models.BlockListType;
import com.azure.storage.blob.specialized.BlockBlobClient;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.TestContent;
import dev.narwhal.destination.parts.ObjectStoreContract;
import dev.narwhal.destination.parts.PartBudget;
import dev.narwhal.testkit.Azurite;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A container of Azure's own emulator, and a wire to it that is watched. */
abstract class AzureFixture extends ObjectStoreContract {

    static final String CONTAINER = "deliveries";

    @TempDir
    static Path directory;

    static Azurite azurite;

    final AzureWire wire = new AzureWire(HttpPipelinePosition.PER_CALL);
    final AzureWire innerWire = new AzureWire(HttpPipelinePosition.PER_RETRY);
    final PartBudget budget = new PartBudget(4);
    AzureDestination destination;

    @BeforeAll
    static void start() throws Exception {
        azurite = Azurite.start(directory);
        AzureDestination.open("narwhal.destination.azure", settings(CONTAINER, true, null), new PartBudget(1))
                .close();
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @BeforeEach
    void open() {
        destination = destination(settings(CONTAINER, false, null));
    }

    @AfterEach
    void close() {
        destination.close();
        budget.close();
    }

    static AzureProperties settings(String container, boolean create, AzureProperties.@Nullable Tier tier) {
        return new AzureProperties(container, azurite.connectionString(), null, null, null, create, tier);
    }

    AzureDestination destination(AzureProperties settings) {
        AzureClients clients = new AzureClients("narwhal.destination.azure", settings);
        AzureBlobs blobs = clients.blobs(clients.builder().addPolicy(wire).addPolicy(innerWire));
        return new AzureDestination(blobs, budget);
    }

    static BlobContainerClient container() {
        return new AzureClients("narwhal.destination.azure", settings(CONTAINER, false, null))
                .builder()
                .buildClient()
                .getBlobContainerClient(CONTAINER);
    }

    static BlockBlobClient blob(String key) {
        return container().getBlobClient(key).getBlockBlobClient();
    }

    @Override
    protected Destination destination() {
        return destination;
    }

    @Override
    protected TestContent content(int length) {
        return TestContent.random(length);
    }

    @Override
    protected void plant(String key, byte[] bytes) {
        blob(key).upload(BinaryData.fromBytes(bytes), true);
    }

    /** Of the keys that blocks were sent to: Azurite does not list blobs without a commit. */
    @Override
    protected List<String> leftovers() {
        return wire.stagedKeys.stream()
                .filter(key -> !uncommitted(key).isEmpty())
                .toList();
    }

    @Override
    protected List<Integer> sentParts() {
        return wire.stagedParts;
    }

    @Override
    protected void loseTheAnswerThatMakes(int length) {
        wire.loseAnswersOf(length > PART ? AzureWire.Call.COMMIT : AzureWire.Call.PUT, 1);
    }

    @Override
    protected void failLooks() {
        wire.failLooks = true;
    }

    @Override
    protected void forget() {
        wire.forget();
    }

    static List<Block> uncommitted(String key) {
        try {
            return blob(key).listBlocks(BlockListType.UNCOMMITTED).getUncommittedBlocks();
        } catch (BlobStorageException e) {
            assertThat(e.getErrorCode()).isEqualTo(BlobErrorCode.BLOB_NOT_FOUND);
            return List.of();
        }
    }

    /** As if somebody had written to the key and removed that again. */
    void throwBlocksAway() {
        blob(ownKey()).commitBlockList(List.of(), true);
        blob(ownKey()).delete();
        assertThat(leftovers()).isEmpty();
    }

    @Override
    protected boolean leavesPartsToTheStore() {
        return true;
    }
}
