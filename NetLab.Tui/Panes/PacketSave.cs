using NetLab.Core.Capture;
using NetLab.Core.Views;
using NetLab.Tui.App;

namespace NetLab.Tui.Panes;

/// <summary>Packets on their way into a file, on a thread of their own, since there may be millions. What is given up before its end leaves no file.</summary>
internal sealed class PacketSave : IDisposable
{
    private readonly Thread _thread;
    private readonly string _path;
    private readonly int _count;
    private volatile bool _isGivenUp;
    private volatile bool _isDone;
    private int _written;
    private string? _fault;

    /// <summary>Begins to save.</summary>
    /// <param name="log">The packets, for the thread that writes.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="placeAt">The place of each, from 0.</param>
    /// <param name="path">A file that does not exist yet.</param>
    public PacketSave(IPacketLog log, int count, Func<int, long> placeAt, string path)
    {
        (_path, _count) = (path, count);
        _thread = new Thread(() => Run(log, placeAt)) { IsBackground = true, Name = "netlab-save" };
        _thread.Start();
    }

    /// <summary>Whether it has come to its end.</summary>
    public bool IsDone => _isDone;

    /// <summary>How far it is, from 0 to 1.</summary>
    public double Progress => _count == 0 ? 1 : (double)Volatile.Read(ref _written) / _count;

    /// <summary>Says what came of it.</summary>
    public void Tell(Foot foot)
    {
        if (_fault is { } fault)
            foot.Fail(fault);
        else
            foot.Say($"✓ saved {_path}");
    }

    /// <summary>Gives up what is not done; returns when the thread has ended.</summary>
    public void Dispose()
    {
        _isGivenUp = true;
        _thread.Join();
    }

    /// <summary>Writes packets in the form that the path's ending names.</summary>
    /// <param name="log">Where they are.</param>
    /// <param name="count">How many.</param>
    /// <param name="placeAt">The place of each, from 0.</param>
    /// <param name="output">Where to.</param>
    /// <param name="path">The file's path.</param>
    /// <param name="goOn">Told how many are written; false ends it.</param>
    public static void Write(IPacketLog log, int count, Func<int, long> placeAt, Stream output, string path, Func<int, bool> goOn)
    {
        CaptureFileWriter? writer = path.EndsWith(".pcapng", StringComparison.OrdinalIgnoreCase) ? new PcapngWriter(output) : null;
        try
        {
            for (int index = 0; index < count && goOn(index); index++)
            {
                if (!log.TryGet(placeAt(index), out var frame))
                    continue;
                // pcap knows one link type; pcapng knows several.
                writer ??= new PcapWriter(output, (ushort)frame.LinkType);
                writer.Write(frame.Time, (ushort)frame.LinkType, frame.WireLength, frame.Bytes);
            }
        }
        catch (ArgumentException)
        {
            throw new IOException("the packets have several link types, which pcap cannot hold; save as .pcapng");
        }
        finally
        {
            (writer ?? new PcapWriter(output, 1)).Dispose();
        }
    }

    private void Run(IPacketLog log, Func<int, long> placeAt)
    {
        _fault = SaveFile.Write(_path, (output, path) => Write(log, _count, placeAt, output, path, written =>
        {
            Volatile.Write(ref _written, written);
            return !_isGivenUp;
        }));
        if (_isGivenUp && _fault is null && Volatile.Read(ref _written) < _count - 1)
            File.Delete(_path);
        _isDone = true;
    }
}
