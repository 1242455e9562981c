using NetLab.Core.Views;

namespace NetLab.Core.Session;

/// <summary>A <see cref="PacketSelection"/> over a file that a thread of its own brings forward until the file ends.</summary>
public sealed class FileSelection : IDisposable
{
    private const int PacketsAPiece = 16_384;
    private readonly CaptureFileLog _log;
    private readonly PacketSelection _selection;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private volatile bool _isDone;

    internal FileSelection(CaptureFileLog log, PacketTest test)
    {
        _log = log;
        _selection = new PacketSelection(log.OpenReader(), test);
        _thread = new Thread(Run) { IsBackground = true, Name = "netlab-filter" };
        _thread.Start();
    }

    /// <summary>What was found so far.</summary>
    public PacketSelection Selection => _selection;

    /// <summary>Whether the whole file was looked through.</summary>
    public bool IsDone => _isDone;

    /// <summary>Waits until the whole file was looked through.</summary>
    public void Wait() => _thread.Join();

    /// <summary>Gives up; returns when the thread has ended.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsSet)
        {
            bool wasIndexed = _log.IsIndexed;
            if (_selection.Advance(PacketsAPiece) > 0)
                continue;
            if (wasIndexed)
                break;
            _stop.Wait(10); // the index comes after
        }

        _isDone = true;
    }
}
