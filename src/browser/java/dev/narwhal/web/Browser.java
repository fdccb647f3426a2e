package dev.narwhal.web;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Debian's Chromium without a window, and everything that it requested and complained of. Nothing is downloaded. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Held, or its level would be forgotten: Selenium says at each start that it has no bindings for this Chromium. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final JsonMapper json = new JsonMapper();
    private final List<Request> requests = new ArrayList<>();
    private final ChromeDriver driver;

    Browser() {
        SELENIUM.setLevel(Level.SEVERE);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(service, options());
        driver.executeCdpCommand("Network.enable", Map.of());
    }

    private static ChromeOptions options() {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless=new",
                // A build that runs as root in a container has no sandbox, and /dev/shm is small there.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1100,900");
        return options;
    }

    void open(URI page) {
        driver.get(page.toString());
        await(".uppy-Dashboard-inner");
    }

    /** As wide as a telephone. */
    void narrow() {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 390, "height", 844, "deviceScaleFactor", 2, "mobile", true));
    }

    /** Something else than the upload page. */
    void visit(URI any) {
        driver.get(any.toString());
    }

    void reload() {
        driver.navigate().refresh();
    }

    void choose(Path file) {
        WebElement input = new WebDriverWait(driver, PATIENCE)
                .until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("input.uppy-Dashboard-input")));
        input.sendKeys(file.toString());
    }

    void click(String selector) {
        new WebDriverWait(driver, PATIENCE)
                .until(ExpectedConditions.elementToBeClickable(By.cssSelector(selector)))
                .click();
    }

    WebElement await(String selector) {
        return new WebDriverWait(driver, PATIENCE)
                .until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(selector)));
    }

    @Nullable
    Object evaluate(String script) {
        return ((JavascriptExecutor) driver).executeScript("return " + script);
    }

    /** @param bytesPerSecond of every upload together; -1 for no limit */
    void throttleUploads(int bytesPerSecond) {
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of("offline", false, "latency", 0, "downloadThroughput", -1, "uploadThroughput", bytesPerSecond));
    }

    /** Everything requested so far, in order. */
    List<Request> requests() {
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode message = json.readTree(entry.getMessage()).path("message");
            if (message.path("method").asString().equals("Network.requestWillBeSent")) {
                requests.add(Request.of(message.path("params").path("request")));
            }
        }
        return List.copyOf(requests);
    }

    /** What the console says since the last call. */
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::toString)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }

    /** @param offset the Upload-Offset that was sent; -1 for none */
    record Request(String method, String url, long offset) {

        static Request of(JsonNode request) {
            JsonNode offset = request.path("headers").path("Upload-Offset");
            return new Request(
                    request.path("method").asString(),
                    request.path("url").asString(),
                    offset.isMissingNode() ? -1 : Long.parseLong(offset.asString()));
        }
    }
}
