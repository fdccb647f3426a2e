package dev.narwhal;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class NarwhalApplication {

    public static void main(String[] args) {
        SpringApplication.run(NarwhalApplication.class, args);
    }
}
