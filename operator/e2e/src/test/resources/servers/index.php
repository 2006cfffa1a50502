<?php echo "served";
