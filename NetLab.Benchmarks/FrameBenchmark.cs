using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using NetLab.Tui.Rendering;

namespace NetLab.Benchmarks;

/// <summary>Drawing a screen of 120×40 anew with a tenth of its cells changed, and encoding what changed.</summary>
[MemoryDiagnoser]
public class FrameBenchmark
{
    private const int Width = 120, Height = 40, Frames = 2000;

    private readonly Screen _screen = new(Width, Height);
    private readonly FrameEncoder _encoder = new(ColorDepth.TrueColor);
    private readonly Style _plain = new(Color.Rgb(0xD6DCE4));
    private readonly Style _changed = new(Color.Rgb(0x5FD7FF), default, TextAttributes.Bold);
    private int _frame;

    /// <summary>One frame; returns the bytes that the terminal is sent.</summary>
    [Benchmark]
    public int Frame()
    {
        _frame++;
        var canvas = _screen.Begin();
        for (int y = 0; y < Height; y++)
        {
            int x = canvas.Write(0, y, _plain, "0.000153 127.0.0.1:45026 → 127.0.0.1:8000 [P.] seq 1:38 ack 1 win 512 options [nop,nop,TS val 1 ecr 1] ");
            // 12 of 120 columns: no digit is the one of the frame before.
            for (int digit = 0; digit < 12; digit++)
                canvas.Write(x + digit, y, _changed, "0123456789".AsSpan((_frame + y + digit) % 10, 1));
        }

        return _encoder.Encode(_screen).Length;
    }

    /// <summary>Measures without BenchmarkDotNet, in a second, and writes one line.</summary>
    public static void Report(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var benchmark = new FrameBenchmark();
        for (int i = 0; i < Frames; i++)
            benchmark.Frame();
        var times = new double[Frames];
        long bytes = 0;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Frames; i++)
        {
            long start = Stopwatch.GetTimestamp();
            bytes += benchmark.Frame();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Array.Sort(times);
        writer.WriteLine(FormattableString.Invariant(
            $"frame {Width}x{Height}, a tenth changed: median {times[Frames / 2]:0.000} ms, 99 % {times[Frames * 99 / 100]:0.000} ms, allocated {allocated / Frames} bytes, written {bytes / Frames} bytes"));
    }
}
