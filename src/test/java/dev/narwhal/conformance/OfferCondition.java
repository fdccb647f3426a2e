package dev.narwhal.conformance;

import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Leaves out the tests of what somebody else's server does not offer. Our own must offer everything that has a test:
 * there a test that finds an extension missing is to fail.
 */
final class OfferCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (!TusServer.isForeign()) {
            return ConditionEvaluationResult.enabled("our own server");
        }
        return AnnotationSupport.findAnnotation(context.getElement(), Item.class)
                .map(OfferCondition::evaluate)
                .orElseGet(() -> ConditionEvaluationResult.enabled("no item"));
    }

    private static ConditionEvaluationResult evaluate(Item item) {
        List<String> missing = TusServer.offer().missing(Catalogue.standard().needs(item));
        return missing.isEmpty()
                ? ConditionEvaluationResult.enabled("offered")
                : ConditionEvaluationResult.disabled(Offer.NOT_OFFERED + String.join(", ", missing));
    }
}
