import dev.graft.model.Model;
import dev.graft.tensor.HostTensor;
import dev.graft.weights.Safetensors;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** How long the weights of ResNet-50 take to load, and the graph of each network of the zoo to draw, both warm. */
class LoadSpeed {
    private static final int ROUNDS = 11;

    private interface Task {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Path torch = Path.of(arguments[0], "resnet50.pth");
        Path safetensors = Path.of(arguments[0], "resnet50.safetensors");
        Pretrained resnet = Zoo.pretrained("resnet50");
        Model model = resnet.backbone(224).withTop(1000);
        Map<String, HostTensor> weights = resnet.load(model, torch);
        try (OutputStream out = Files.newOutputStream(safetensors)) {
            Safetensors.write(out, weights, Map.of());
        }
        for (Path file : new Path[] {safetensors, torch}) {
            print(file.getFileName().toString(), median(() -> resnet.load(model, file)));
        }
        double slowest = 0;
        String name = "";
        for (Pretrained each : Zoo.all()) {
            double time = median(() -> each.backbone(each.geometry().size()).withTop(1000));
            name = time > slowest ? each.name() : name;
            slowest = Math.max(slowest, time);
        }
        print("slowest graph of " + Zoo.all().size() + ", " + name, slowest);
    }

    private static void print(String what, double milliseconds) {
        System.out.printf(Locale.ROOT, "| %s | %.1f |%n", what, milliseconds);
    }

    private static double median(Task task) throws Exception {
        double[] times = new double[ROUNDS];
        for (int round = -3; round < ROUNDS; round++) {
            long start = System.nanoTime();
            task.run();
            if (round >= 0) {
                times[round] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(times);
        return times[ROUNDS / 2];
    }
}
