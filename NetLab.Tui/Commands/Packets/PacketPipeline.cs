using System.Collections.Concurrent;
using NetLab.Core.Capture;
using NetLab.Core.Packets;

namespace NetLab.Tui.Commands;

/// <summary>
/// Prints the packets of a file on all cores: this thread reads, finds what a packet needs of those before it, and writes; the others filter and
/// format batches of packets meanwhile. What is written is the same, byte for byte, as one thread would write. Memory is bounded by the batches.
/// </summary>
internal sealed class PacketPipeline : IDisposable
{
    private const int MostWorkers = 4;
    private readonly BlockingCollection<PacketBatch> _work = [];
    private readonly PacketBatch[] _ring;
    private readonly Thread[] _threads;

    /// <summary>Makes the threads.</summary>
    /// <param name="filter">What is printed; null for everything.</param>
    /// <param name="printer">A form that can be forked.</param>
    /// <param name="history">Takes in every packet; null where nobody needs it.</param>
    public PacketPipeline(DisplayFilter? filter, PacketPrinter printer, FrameHistory? history)
    {
        int workers = Math.Clamp(Environment.ProcessorCount, 1, MostWorkers);
        _ring = new PacketBatch[workers + 2];
        for (int index = 0; index < _ring.Length; index++)
            _ring[index] = new PacketBatch(history);
        _threads = new Thread[workers];
        for (int index = 0; index < workers; index++)
        {
            var own = printer.Fork() ?? throw new ArgumentException("This form cannot be printed by several threads.", nameof(printer));
            _threads[index] = new Thread(() => Work(filter, own)) { IsBackground = true, Name = "netlab-print" };
            _threads[index].Start();
        }
    }

    /// <summary>Prints all packets that the reader still has.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="printer">The form; it prints by itself what must be printed in turn.</param>
    /// <param name="filter">What is printed; null for everything.</param>
    /// <param name="history">Takes in every packet; null where nobody needs it.</param>
    /// <param name="output">Where to.</param>
    /// <param name="goOn">Asked after every batch; false ends it.</param>
    public void Print(CaptureFileReader reader, PacketPrinter printer, DisplayFilter? filter, FrameHistory? history, ByteOutput output, Func<bool> goOn)
    {
        var scratch = new Dissection();
        bool more = true;
        int next = 0;
        while (more)
        {
            var batch = _ring[next++ % _ring.Length];
            WriteOut(batch, output);
            more = Fill(batch, reader, printer, filter, history, scratch) && goOn();
            _work.Add(batch);
        }

        for (int turn = 0; turn < _ring.Length; turn++)
            WriteOut(_ring[next++ % _ring.Length], output);
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        foreach (var thread in _threads)
            thread.Join();
        foreach (var batch in _ring)
            batch.Dispose();
        _work.Dispose();
    }

    private static void WriteOut(PacketBatch batch, ByteOutput output)
    {
        batch.Await();
        output.WriteThrough(batch.Output.Kept);
        batch.Clear();
    }

    private static bool Fill(PacketBatch batch, CaptureFileReader reader, PacketPrinter printer, DisplayFilter? filter, FrameHistory? history, Dissection scratch)
    {
        batch.Begin();
        while (!batch.IsFull)
        {
            if (!reader.TryRead(out var packet))
                return false;
            var frame = new Frame((LinkType)packet.LinkType, packet.Bytes, packet.OriginalLength)
            {
                Number = packet.Number,
                Time = packet.Time,
                Interface = packet.Interface,
            };
            var context = history?.Take(frame);
            if (printer.TryPrepare(frame, out var origin))
            {
                batch.Add(frame, context, origin);
                continue;
            }

            if (context is { } known)
                frame = frame.With(known);
            if (filter is null || filter.Matches(frame, scratch))
                batch.AddPrinted(frame, printer);
            else
                printer.PassOver(frame);
        }

        return true;
    }

    private void Work(DisplayFilter? filter, PacketPrinter printer)
    {
        using var held = printer as IDisposable;
        var scratch = new Dissection();
        foreach (var batch in _work.GetConsumingEnumerable())
            batch.Print(filter, printer, scratch);
    }
}
