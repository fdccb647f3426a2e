package dev.narwhal.delivery;

import dev.narwhal.destination.SentPart;
import dev.narwhal.upload.UploadId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code delivery_part}. Changes join the transaction in progress, which has compared the attempt's token. */
final class DeliveryParts {

    private static final String SELECT = """
            select number, size, etag, checksum from delivery_part where upload_id = :id order by number
            """;

    private static final String COUNT = "select count(*) from delivery_part where upload_id = :id";

    private static final String DELETE_ONE = "delete from delivery_part where upload_id = :id and number = :number";

    private static final String INSERT = """
            insert into delivery_part (upload_id, number, size, etag, checksum)
            values (:id, :number, :size, :etag, :checksum)
            """;

    private static final String DELETE = "delete from delivery_part where upload_id = :id";

    private final JdbcClient jdbc;

    DeliveryParts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<SentPart> of(UploadId id) {
        return jdbc.sql(SELECT)
                .param("id", id.value())
                .query(DeliveryParts::part)
                .list();
    }

    int count(UploadId id) {
        return jdbc.sql(COUNT).param("id", id.value()).query(Integer.class).single();
    }

    void replace(UploadId id, SentPart part) {
        jdbc.sql(DELETE_ONE)
                .param("id", id.value())
                .param("number", part.number())
                .update();
        jdbc.sql(INSERT)
                .param("id", id.value())
                .param("number", part.number())
                .param("size", part.size())
                .param("etag", part.tag())
                .param("checksum", part.crc32())
                .update();
    }

    /** @return true, whether rows were removed or not */
    boolean remove(UploadId id) {
        return jdbc.sql(DELETE).param("id", id.value()).update() >= 0;
    }

    private static SentPart part(ResultSet rs, int number) throws SQLException {
        return new SentPart(rs.getInt("number"), rs.getLong("size"), rs.getString("etag"), rs.getString("checksum"));
    }
}
