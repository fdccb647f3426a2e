package dev.narwhal.startup;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * A path of two steps below the health endpoint whose first step is no part of the health, such as {@code
 * /actuator/health/x/y}, makes Spring Boot's endpoint fail: anybody could fill the log with stack traces. It is answered
 * like any other path that is not there.
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
                // What a part of the health throws by itself never comes here: that part is down then.
                return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
            }
        };
    }
}
