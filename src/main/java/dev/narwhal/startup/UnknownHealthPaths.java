package dev.narwhal.startup;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Answers 404 to a path of two segments below the health endpoint whose first segment is no component, such as {@code
 * /actuator/health/x/y}. Spring Boot's endpoint throws on it: anybody could fill the log with stack traces.
 */
final class UnknownHealthPaths implements OperationInvokerAdvisor {

    private static final EndpointId HEALTH = EndpointId.of("health");

    @Override
    public OperationInvoker apply(
            EndpointId endpoint, OperationType type, OperationParameters parameters, OperationInvoker invoker) {
        if (!endpoint.equals(HEALTH)) {
            return invoker;
        }
        return context -> {
            try {
                return invoker.invoke(context);
            } catch (IllegalStateException e) {
                // A failing health component does not reach this code: Spring Boot reports it as DOWN.
                return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
            }
        };
    }
}
