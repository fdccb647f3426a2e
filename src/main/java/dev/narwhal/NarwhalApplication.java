package dev.narwhal;

import dev.narwhal.access.AccessConfiguration;
import dev.narwhal.startup.StartupConfiguration;
import dev.narwhal.web.WebConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The table of contents: each line of the list is a feature, and nothing is found by scanning. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
    StartupConfiguration.class, // what happens before the first request
    AccessConfiguration.class, // who may upload
    WebConfiguration.class, // the upload page
})
public class NarwhalApplication {

    public static void main(String[] args) {
        SpringApplication.run(NarwhalApplication.class, args);
    }
}
