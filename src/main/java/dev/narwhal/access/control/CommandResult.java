package dev.narwhal.access.control;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command ends with.
 *
 * @param status its exit status: 0, 1, or 2 for wrong usage
 * @param out for standard output
 * @param err for standard error
 */
public record CommandResult(int status, String out, String err) {

    public static final int WRONG_USAGE = 2;

    static CommandResult done(String out, String err) {
        return new CommandResult(0, out, err);
    }

    static CommandResult failed(String why) {
        return new CommandResult(1, "", "Narwhal: " + why + ".\n");
    }

    static CommandResult wrong(String why) {
        return new CommandResult(WRONG_USAGE, "", "Narwhal: " + why + ".\n");
    }

    String json(JsonMapper json) {
        return json.writeValueAsString(Map.of("status", status, "out", out, "err", err));
    }
}
