using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>
/// A counter of the kernel's for one tracepoint (perf_event_open(2)): it counts where the calling thread, and threads that this one starts from now on,
/// pass it. Nothing is written anywhere for each event, so a million a second cost little and none is lost.
/// </summary>
internal sealed unsafe partial class PerfCounter : IDisposable
{
    private const long PerfEventOpen = 298, PerfEventOpenArm64 = 241;
    private const uint TypeTracepoint = 2;
    private const ulong Inherit = 1 << 1, CloseOnExec = 8;
    // struct perf_event_attr: what this needs lies in its first version's 64 bytes.
    private const int AttributeSize = 64;

    private readonly FileDescriptor _file;

    private PerfCounter(FileDescriptor file) => _file = file;

    /// <summary>Begins to count for the calling thread.</summary>
    /// <param name="tracepoint">The tracepoint's number, from the file <c>id</c> in tracefs.</param>
    /// <param name="error">Why not, when the answer is null.</param>
    public static PerfCounter? Open(uint tracepoint, out Errno error)
    {
        Span<byte> attribute = stackalloc byte[AttributeSize];
        attribute.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(attribute, TypeTracepoint);
        BinaryPrimitives.WriteUInt32LittleEndian(attribute[4..], AttributeSize);
        BinaryPrimitives.WriteUInt64LittleEndian(attribute[8..], tracepoint);
        BinaryPrimitives.WriteUInt64LittleEndian(attribute[40..], Inherit);
        long number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? PerfEventOpenArm64 : PerfEventOpen;
        nint descriptor;
        fixed (byte* pointer = attribute)
            descriptor = syscall((nint)number, pointer, 0, -1, -1, CloseOnExec);
        error = descriptor < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
        return descriptor < 0 ? null : new PerfCounter(new FileDescriptor((int)descriptor));
    }

    /// <summary>How often so far.</summary>
    public long Read()
    {
        Span<byte> value = stackalloc byte[8];
        return _file.Read(value) == 8 ? BinaryPrimitives.ReadInt64LittleEndian(value) : 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, byte* attribute, nint process, nint cpu, nint group, ulong flags);
}
