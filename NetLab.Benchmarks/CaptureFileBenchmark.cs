using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using NetLab.Core;
using NetLab.Core.Capture;

namespace NetLab.Benchmarks;

/// <summary>Reads a capture file to its end and looks at nothing; the peer is tcpdump --count over the same file.</summary>
[MemoryDiagnoser]
public class CaptureFileBenchmark
{
    private string _path = "";
    private bool _isOwn;

    [GlobalSetup]
    public void Setup()
    {
        if (Environment.GetEnvironmentVariable("NETLAB_BENCH_PCAP") is { } path)
        {
            _path = path;
            return;
        }

        (_path, _isOwn) = (Path.GetTempFileName(), true);
        using var writer = new PcapWriter(File.Create(_path), linkType: 1);
        byte[] packet = new byte[1_514];
        for (int index = 0; index < 1_000_000; index++)
            writer.Write(new Timestamp(1_700_000_000_000_000_000 + index * 1_000L), 1, 1_514, packet.AsSpan(0, index % 4 == 0 ? 400 : 66));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        if (_isOwn)
            File.Delete(_path);
    }

    [Benchmark]
    public long NetLabReads()
    {
        using var reader = CaptureFileReader.Open(_path, out _)!;
        while (reader.TryRead(out _))
        {
        }

        return reader.Packets;
    }

    [Benchmark]
    public long NetLabIndexes()
    {
        using var index = CaptureIndex.Open(_path, out _)!;
        index.Build(CancellationToken.None);
        return index.Count;
    }

    [Benchmark(Baseline = true)]
    public int TcpdumpCounts()
    {
        using var process = Process.Start(new ProcessStartInfo("tcpdump", ["--count", "-r", _path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
