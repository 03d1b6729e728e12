import dev.graft.model.Model;
import dev.graft.tensor.HostTensor;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * The peak resident size of a process that loads a file of weights and reads every number of them once, against the
 * file's size, and how long that took. Give the model's name and the file. Linux only.
 */
class LoadMemory {
    public static void main(String[] arguments) throws IOException {
        Pretrained pretrained = Zoo.pretrained(arguments[0]);
        Path file = Path.of(arguments[1]);
        Model model = pretrained.backbone(pretrained.geometry().size()).withTop(1000);
        long start = System.nanoTime();
        Map<String, HostTensor> weights = pretrained.load(model, file);
        double load = (System.nanoTime() - start) / 1e6;
        double sum = 0;
        for (HostTensor tensor : weights.values()) {
            for (int i = 0; i < tensor.elements(); i++) {
                sum += tensor.get(i);
            }
        }
        double all = (System.nanoTime() - start) / 1e6;
        double size = Files.size(file) / 1e6;
        double peak = peakMegabytes();
        System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.2f | %.0f | read whole after %.0f ms, sum %.3f%n",
                file.getFileName(),
                size,
                peak,
                peak / size,
                load,
                all,
                sum);
    }

    private static double peakMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024 / 1e6)
                .findFirst()
                .orElseThrow();
    }
}
