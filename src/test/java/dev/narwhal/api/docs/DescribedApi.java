package dev.narwhal.api.docs;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.api.Needs;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.core.utils.SpringDocUtils;
import org.springdoc.webmvc.core.configuration.SpringDocWebMvcConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.method.HandlerMethod;

/** What springdoc cannot see in the controllers' signatures: the texts of their Javadoc, scopes, problems. */
@Configuration(proxyBeanMethods = false)
@Import({SpringDocConfiguration.class, SpringDocConfigProperties.class, SpringDocWebMvcConfiguration.class})
class DescribedApi {

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
    }

    @Bean
    OpenAPI narwhalApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Narwhal")
                        .version("v1")
                        .description("The API of a Narwhal server. Clients upload by tus, whose URL is in the config.")
                        .license(new License().name("Apache-2.0")))
                .components(new Components()
                        .addSecuritySchemes(
                                "bearer",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer"))
                        .addSecuritySchemes(
                                "key",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.APIKEY)
                                        .in(SecurityScheme.In.HEADER)
                                        .name("X-Api-Key")))
                .security(
                        List.of(new SecurityRequirement().addList("bearer"), new SecurityRequirement().addList("key")));
    }

    @Bean
    GlobalOperationCustomizer fromTheCode() {
        return (operation, method) -> {
            JavadocTexts texts = JavadocTexts.of(method.getBeanType());
            operation.setOperationId(method.getBeanType().getSimpleName().replace("Controller", "") + "_"
                    + method.getMethod().getName());
            operation.setTags(List.of(method.getBeanType().getSimpleName().replace("Controller", "")));
            operation.setSummary(texts.ofMethod(method.getMethod().getName()));
            operation.setDescription(scopes(method));
            if (operation.getParameters() != null) {
                operation.getParameters().forEach(parameter -> {
                    if (parameter.getDescription() == null) {
                        parameter.setDescription(
                                texts.ofParameter(method.getMethod().getName(), parameter.getName()));
                    }
                });
            }
            if (isStream(method)) {
                operation
                        .getResponses()
                        .addApiResponse(
                                "200", new ApiResponse().description("OK").content(stream()));
            }
            operation.getResponses().addApiResponse("default", problem());
            return operation;
        };
    }

    private static String scopes(HandlerMethod method) {
        @Nullable Needs needs = method.getMethodAnnotation(Needs.class);
        Role[] roles = needs == null ? new Role[0] : needs.value();
        return roles.length == 0
                ? "Needs no scope."
                : "Needs the scope "
                        + Arrays.stream(roles)
                                .map(role -> role.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(" or "))
                        + ".";
    }

    private static boolean isStream(HandlerMethod method) {
        @Nullable GetMapping get = method.getMethodAnnotation(GetMapping.class);
        return get != null && List.of(get.produces()).contains("text/event-stream");
    }

    private static Content stream() {
        return new Content().addMediaType("text/event-stream", new MediaType().schema(string()));
    }

    private static ApiResponse problem() {
        Schema<?> schema = new Schema<>();
        schema.set$ref("#/components/schemas/Problem");
        return new ApiResponse()
                .description("A problem document; docs/errors.md lists the codes.")
                .content(new Content().addMediaType("application/problem+json", new MediaType().schema(schema)));
    }

    @Bean
    ModelResolver modelResolver(ObjectMapperProvider mappers) {
        return new NamedModels(mappers.jsonMapper());
    }

    /** A nested record has the name of its outer one, too: several are called Request. */
    private static final class NamedModels extends ModelResolver {

        NamedModels(ObjectMapper mapper) {
            super(mapper, new NestedNames());
        }

        @Override
        public Schema resolve(AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> next) {
            JavaType java = _mapper.constructType(type.getType());
            if (ResponseEntity.class.isAssignableFrom(java.getRawClass())) {
                type.type(java.containedType(0));
            }
            return super.resolve(type, context, next);
        }
    }

    @Bean
    OpenApiCustomizer schemas() {
        return api -> {
            api.setServers(List.of());
            DescribedRecords.describe(api, NestedNames.TYPES);
            Schema<Object> problem = new Schema<>();
            problem.addType("object");
            for (String name : List.of("type", "code", "detail")) {
                problem.addProperty(name, string());
            }
            Schema<Object> status = new Schema<>();
            status.addType("integer");
            problem.addProperty("status", status);
            problem.setRequired(List.of("type", "status", "code", "detail"));
            api.getComponents().addSchemas("Problem", problem);
        };
    }

    private static Schema<?> string() {
        Schema<?> schema = new Schema<>();
        schema.addType("string");
        return schema;
    }
}
