//! What the register takes of memory. A binary of its own, so that nothing else allocates.

use antragsbote::kommune::Register;
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Bytes of the heap, the files that are compiled in not counted.
const MOST: usize = 20_000_000;

#[test]
fn the_register_fits() {
    let before = HEAP.current_usage();
    let register = Register::built_in();
    // what is made at the first look-up belongs to it: letters of licence plates, neighbours
    assert!(!register.find("Neustadt (NEA)").is_empty() && !register.find("Stuttgrat").is_empty());
    let taken = HEAP.current_usage() - before;
    assert!(taken < MOST, "{taken} bytes");
    // the count is of this register and not of nothing
    assert!(taken > 1_000_000, "{taken} bytes");
}
